// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Shows what a source has under one prefix, the fallback, as if it stood under another. Bound after the sources themselves, it
 * fills in what the prefix does not set, one property at a time and however deep. The entries of maps are properties too; lists
 * are taken as a whole, as between configuration files.
 */
public sealed class InheritedProperties implements ConfigurationPropertySource {

    final ConfigurationPropertyName prefix;
    final ConfigurationPropertyName fallback;
    private final ConfigurationPropertySource source;
    private final Set<String> own;

    private InheritedProperties(
            ConfigurationPropertySource source,
            ConfigurationPropertyName prefix,
            ConfigurationPropertyName fallback,
            Set<String> own) {
        this.source = source;
        this.prefix = prefix;
        this.fallback = fallback;
        this.own = own;
    }

    /**
     * Binds what is set under a prefix, and where it says nothing what is set under the fallback.
     *
     * @param own the names behind the prefix that are not taken from the fallback
     * @throws BindException if a value cannot be used
     */
    public static <T> T bind(
            Environment environment,
            ConfigurationPropertyName prefix,
            ConfigurationPropertyName fallback,
            Set<String> own,
            Class<T> type) {
        List<ConfigurationPropertySource> all = new ArrayList<>();
        List<ConfigurationPropertySource> inherited = new ArrayList<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            all.add(source);
            inherited.add(
                    source instanceof IterableConfigurationPropertySource iterable
                            ? new Listed(iterable, prefix, fallback, own)
                            : new InheritedProperties(source, prefix, fallback, own));
        }
        all.addAll(inherited);
        return new Binder(all, new PropertySourcesPlaceholdersResolver(environment))
                .bindOrCreate(prefix, Bindable.of(type), BindHandler.DEFAULT);
    }

    @Override
    public @Nullable ConfigurationProperty getConfigurationProperty(ConfigurationPropertyName name) {
        if (!isHandedDown(name, prefix)) {
            return null;
        }
        ConfigurationProperty found = source.getConfigurationProperty(moved(name, prefix, fallback));
        return found == null ? null : new ConfigurationProperty(name, found.getValue(), found.getOrigin());
    }

    @Override
    public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
        return prefix.equals(name) || isHandedDown(name, prefix)
                ? source.containsDescendantOf(moved(name, prefix, fallback))
                : ConfigurationPropertyState.ABSENT;
    }

    boolean isHandedDown(ConfigurationPropertyName name, ConfigurationPropertyName parent) {
        return parent.isAncestorOf(name) && !own.contains(name.getElement(parent.getNumberOfElements(), Form.DASHED));
    }

    /** The same property below another name. */
    static ConfigurationPropertyName moved(
            ConfigurationPropertyName name, ConfigurationPropertyName from, ConfigurationPropertyName to) {
        return from.equals(name) ? to : to.append(name.subName(from.getNumberOfElements()));
    }

    /** A source that knows all its names. */
    private static final class Listed extends InheritedProperties implements IterableConfigurationPropertySource {

        private final IterableConfigurationPropertySource names;

        Listed(
                IterableConfigurationPropertySource source,
                ConfigurationPropertyName prefix,
                ConfigurationPropertyName fallback,
                Set<String> own) {
            super(source, prefix, fallback, own);
            this.names = source;
        }

        @Override
        public Stream<ConfigurationPropertyName> stream() {
            return names.stream()
                    .filter(name -> isHandedDown(name, fallback))
                    .map(name -> moved(name, fallback, prefix));
        }
    }
}
