// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;

/**
 * Shows what a source has under one prefix as if it stood under another, the heir's. Bound after the sources themselves, it
 * fills in what the heir does not set, one property at a time and however deep. The entries of maps are properties too; lists
 * are taken as a whole, as between configuration files.
 */
public class InheritedProperties implements ConfigurationPropertySource {

    final ConfigurationPropertyName heir;
    final ConfigurationPropertyName testator;
    private final ConfigurationPropertySource source;
    private final Set<String> own;

    private InheritedProperties(
            ConfigurationPropertySource source,
            ConfigurationPropertyName heir,
            ConfigurationPropertyName testator,
            Set<String> own) {
        this.source = source;
        this.heir = heir;
        this.testator = testator;
        this.own = own;
    }

    /**
     * All sources, and behind them what they have for the testator.
     *
     * @param heir the prefix that properties are asked for under
     * @param testator the prefix they have
     * @param own the names behind the prefix that are not handed down
     */
    public static List<ConfigurationPropertySource> behind(
            Iterable<ConfigurationPropertySource> sources,
            ConfigurationPropertyName heir,
            ConfigurationPropertyName testator,
            Set<String> own) {
        List<ConfigurationPropertySource> all = new ArrayList<>();
        List<ConfigurationPropertySource> inherited = new ArrayList<>();
        for (ConfigurationPropertySource source : sources) {
            all.add(source);
            inherited.add(
                    source instanceof IterableConfigurationPropertySource iterable
                            ? new Listed(iterable, heir, testator, own)
                            : new InheritedProperties(source, heir, testator, own));
        }
        all.addAll(inherited);
        return all;
    }

    @Override
    public @Nullable ConfigurationProperty getConfigurationProperty(ConfigurationPropertyName name) {
        if (!isHandedDown(name, heir)) {
            return null;
        }
        ConfigurationProperty found = source.getConfigurationProperty(moved(name, heir, testator));
        return found == null ? null : new ConfigurationProperty(name, found.getValue(), found.getOrigin());
    }

    @Override
    public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
        return heir.equals(name) || isHandedDown(name, heir)
                ? source.containsDescendantOf(moved(name, heir, testator))
                : ConfigurationPropertyState.ABSENT;
    }

    boolean isHandedDown(ConfigurationPropertyName name, ConfigurationPropertyName prefix) {
        return prefix.isAncestorOf(name) && !own.contains(name.getElement(prefix.getNumberOfElements(), Form.DASHED));
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
                ConfigurationPropertyName heir,
                ConfigurationPropertyName testator,
                Set<String> own) {
            super(source, heir, testator, own);
            this.names = source;
        }

        @Override
        public Stream<ConfigurationPropertyName> stream() {
            return names.stream().filter(name -> isHandedDown(name, testator)).map(name -> moved(name, testator, heir));
        }

        @Override
        public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
            return super.containsDescendantOf(name);
        }
    }
}
