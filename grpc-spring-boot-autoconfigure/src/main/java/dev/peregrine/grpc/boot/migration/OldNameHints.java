// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.migration;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Finds the properties of other starters and says, in one warning, where each was found and what it is called here. What
 * is in no table is nobody's business: applications may have properties of their own under {@code grpc}.
 */
final class OldNameHints {

    private static final Log log = LogFactory.getLog(OldNameHints.class);

    private static final ConfigurationPropertyName SHARED = ConfigurationPropertyName.of("grpc");

    private static final ConfigurationPropertyName SPRING = ConfigurationPropertyName.of("spring.grpc");

    private OldNameHints() {}

    static void log(Environment environment, @Nullable ClassLoader classes) {
        List<String> hints = of(environment, KnownStarters.unread(classes));
        if (!hints.isEmpty()) {
            log.warn("These properties are of another gRPC starter and do nothing here:\n  "
                    + String.join("\n  ", hints) + "\ngrpc.migration.hints.enabled=false silences this.");
        }
    }

    /**
     * @param starters whose names to look for
     * @return a line for each property and place
     */
    static List<String> of(Environment environment, List<OldNames> starters) {
        List<String> hints = new ArrayList<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource names) {
                names.stream()
                        .filter(name -> SHARED.isAncestorOf(name) || SPRING.isAncestorOf(name))
                        .distinct()
                        .sorted()
                        .forEach(name -> addHint(name, source, starters, hints));
            }
        }
        return hints;
    }

    private static void addHint(
            ConfigurationPropertyName name,
            ConfigurationPropertySource source,
            List<OldNames> starters,
            List<String> hints) {
        for (OldNames starter : starters) {
            for (OldName old : starter.names()) {
                String advice = old.adviceFor(name);
                if (advice != null) {
                    hints.add(name + OldProperties.place(source.getConfigurationProperty(name)) + ": " + advice);
                    return;
                }
            }
        }
    }
}
