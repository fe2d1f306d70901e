// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;

/**
 * Shows the properties of one prefix under another, so that a binder finds there what is set nowhere else. Lists are
 * taken as a whole, as between configuration files; maps are not found.
 *
 * @param source where the properties are
 * @param heir the prefix they are asked for under
 * @param testator the prefix they have
 * @param own the names behind the prefix that are not handed down
 */
record InheritedProperties(
        ConfigurationPropertySource source,
        ConfigurationPropertyName heir,
        ConfigurationPropertyName testator,
        Set<String> own)
        implements ConfigurationPropertySource {

    /** All sources, and behind them what they have for the testator. */
    static List<ConfigurationPropertySource> behind(
            Iterable<ConfigurationPropertySource> sources,
            ConfigurationPropertyName heir,
            ConfigurationPropertyName testator,
            Set<String> own) {
        List<ConfigurationPropertySource> all = new ArrayList<>();
        List<ConfigurationPropertySource> inherited = new ArrayList<>();
        for (ConfigurationPropertySource source : sources) {
            all.add(source);
            inherited.add(new InheritedProperties(source, heir, testator, own));
        }
        all.addAll(inherited);
        return all;
    }

    @Override
    public @Nullable ConfigurationProperty getConfigurationProperty(ConfigurationPropertyName name) {
        ConfigurationPropertyName inherited = translated(name);
        return inherited == null ? null : source.getConfigurationProperty(inherited);
    }

    @Override
    public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
        if (name.equals(heir)) {
            return source.containsDescendantOf(testator);
        }
        ConfigurationPropertyName inherited = translated(name);
        return inherited == null ? ConfigurationPropertyState.ABSENT : source.containsDescendantOf(inherited);
    }

    private @Nullable ConfigurationPropertyName translated(ConfigurationPropertyName name) {
        int length = heir.getNumberOfElements();
        if (!heir.isAncestorOf(name) || own.contains(name.getElement(length, Form.DASHED))) {
            return null;
        }
        return testator.append(name.subName(length));
    }
}
