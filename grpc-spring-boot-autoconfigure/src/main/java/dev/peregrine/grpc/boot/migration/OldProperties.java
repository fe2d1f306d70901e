// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.migration;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** Looks up by our names what is set under those of other starters. */
public final class OldProperties {

    private static final Pattern PLAIN_OWNER = Pattern.compile("[A-Za-z0-9-]*");

    private final Environment environment;
    private final Binder binder;
    private final List<OldNames> starters;

    public OldProperties(Environment environment) {
        this(environment, KnownStarters.unread(ClassUtils.getDefaultClassLoader()));
    }

    OldProperties(Environment environment, List<OldNames> starters) {
        this.environment = environment;
        this.binder = Binder.get(environment);
        this.starters = starters;
    }

    /**
     * A property that is set.
     *
     * @param name its name, and where it stands
     * @param value never shown where it may be a secret
     */
    public record Found(String name, String value) {}

    /** Where other starters would have made this client call; null if none of their properties says. */
    public @Nullable Found target(String client) {
        for (OldNames starter : starters) {
            List<Found> found = nearest(starter, clients(client), "target", false);
            if (!found.isEmpty()) {
                return found.get(0);
            }
        }
        return null;
    }

    /**
     * Where names of one kind are looked for.
     *
     * @param prefix what their names here begin with
     * @param owner whose they are there: what stands for {@code *} in their patterns
     */
    record Step(String prefix, String owner) {}

    /** A starter has properties for one server. */
    static List<Step> server() {
        return List.of(new Step("grpc.server", ""));
    }

    /** What is set for a client counted before what was set for all. */
    static List<Step> clients(String client) {
        return List.of(
                new Step("grpc.client.*", client),
                new Step("grpc.client.*", "default"),
                new Step("grpc.client.default", ""));
    }

    List<OldNames> starters() {
        return starters;
    }

    /**
     * What is set of the names that are this field here, from the first step that has any of them.
     *
     * @param refused whether to look only for names that ask for encryption
     */
    List<Found> nearest(OldNames starter, List<Step> steps, String field, boolean refused) {
        for (Step step : steps) {
            String here = step.prefix() + '.' + field;
            List<Found> found = starter.names().stream()
                    .filter(old -> here.equals(old.replacement()) && (old.isRefused() || !refused))
                    .flatMap(old -> spellings(old.pattern().text(), step.owner()))
                    .map(this::find)
                    .filter(Objects::nonNull)
                    .toList();
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    /** A name with its owner in it, also in brackets if a configuration file cannot have the owner's own name without. */
    private static Stream<String> spellings(String pattern, String owner) {
        String plain = pattern.replace("*", owner);
        boolean isSole = plain.equals(pattern) || PLAIN_OWNER.matcher(owner).matches();
        return isSole ? Stream.of(plain) : Stream.of(plain, pattern.replace(".*", "[" + owner + "]"));
    }

    /** Whether something is set under this name, which need not be an old one. */
    boolean isSet(String name) {
        Found found = find(name);
        return found != null && !found.value().isBlank();
    }

    private @Nullable Found find(String text) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(text, '.');
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            if (property != null) {
                String value = binder.bind(name, Bindable.of(String.class)).orElse("");
                return new Found(name + place(property), value);
            }
        }
        return null;
    }

    /** Where a property was found, to stand behind its name. */
    static String place(@Nullable ConfigurationProperty found) {
        return found == null || found.getOrigin() == null ? "" : " (" + found.getOrigin() + ")";
    }
}
