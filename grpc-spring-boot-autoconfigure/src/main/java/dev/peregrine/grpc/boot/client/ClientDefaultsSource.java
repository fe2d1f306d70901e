// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;

/**
 * Shows what a source has under {@code grpc.client.default} as if it stood under a client's name. Bound after the sources
 * themselves, it fills in what the name does not set, one property at a time and however deep; the entries of maps are
 * properties too.
 */
class ClientDefaultsSource implements ConfigurationPropertySource {

    final ConfigurationPropertyName own;
    final ConfigurationPropertyName defaults;
    private final ConfigurationPropertySource source;

    private ClientDefaultsSource(
            ConfigurationPropertySource source, ConfigurationPropertyName own, ConfigurationPropertyName defaults) {
        this.source = source;
        this.own = own;
        this.defaults = defaults;
    }

    static ConfigurationPropertySource of(
            ConfigurationPropertySource source, ConfigurationPropertyName own, ConfigurationPropertyName defaults) {
        return source instanceof IterableConfigurationPropertySource iterable
                ? new Listed(iterable, own, defaults)
                : new ClientDefaultsSource(source, own, defaults);
    }

    @Override
    public @Nullable ConfigurationProperty getConfigurationProperty(ConfigurationPropertyName name) {
        if (!own.isAncestorOf(name)) {
            return null;
        }
        ConfigurationProperty found = source.getConfigurationProperty(moved(name, own, defaults));
        return found == null ? null : new ConfigurationProperty(name, found.getValue(), found.getOrigin());
    }

    @Override
    public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
        return own.equals(name) || own.isAncestorOf(name)
                ? source.containsDescendantOf(moved(name, own, defaults))
                : ConfigurationPropertyState.ABSENT;
    }

    /** The same property below another name. */
    static ConfigurationPropertyName moved(
            ConfigurationPropertyName name, ConfigurationPropertyName from, ConfigurationPropertyName to) {
        return from.equals(name) ? to : to.append(name.subName(from.getNumberOfElements()));
    }

    /** A source that knows all its names. */
    private static final class Listed extends ClientDefaultsSource implements IterableConfigurationPropertySource {

        private final IterableConfigurationPropertySource names;

        Listed(
                IterableConfigurationPropertySource source,
                ConfigurationPropertyName own,
                ConfigurationPropertyName defaults) {
            super(source, own, defaults);
            this.names = source;
        }

        @Override
        public Stream<ConfigurationPropertyName> stream() {
            return names.stream().filter(defaults::isAncestorOf).map(name -> moved(name, defaults, own));
        }

        @Override
        public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
            return super.containsDescendantOf(name);
        }
    }
}
