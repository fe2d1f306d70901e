// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.migration;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Finds the properties of other starters and says, in one warning, where each was found and what it is called here. What
 * is in no table is nobody's business: applications may have properties of their own under {@code grpc}.
 */
final class OldNameHints {

    private static final Log log = LogFactory.getLog(OldNameHints.class);

    private static final ConfigurationPropertyName SHARED = ConfigurationPropertyName.of("grpc");

    private static final ConfigurationPropertyName SPRING = ConfigurationPropertyName.of("spring.grpc");

    /** In what Spring Boot's own gRPC support stands on: where it is, its properties are in use. */
    private static final String SPRING_GRPC = "org.springframework.grpc.client.GrpcChannelFactory";

    private OldNameHints() {}

    static void log(Environment environment, @Nullable ClassLoader classes) {
        List<String> hints = of(environment, ClassUtils.isPresent(SPRING_GRPC, classes));
        if (!hints.isEmpty()) {
            log.warn(
                    "These properties are of another gRPC starter and do nothing here:\n  " + String.join("\n  ", hints)
                            + "\nWhat else is different is in docs/migration.md; grpc.migration.hints=false silences this.");
        }
    }

    /**
     * @param springGrpc whether somebody reads {@code spring.grpc.*}
     * @return a line for each property and place
     */
    static List<String> of(Environment environment, boolean springGrpc) {
        List<String> hints = new ArrayList<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource names) {
                names.stream()
                        .filter(name -> SHARED.isAncestorOf(name) || (!springGrpc && SPRING.isAncestorOf(name)))
                        .distinct()
                        .sorted()
                        .forEach(name -> addHint(name, source, hints));
            }
        }
        return hints;
    }

    private static void addHint(
            ConfigurationPropertyName name, ConfigurationPropertySource source, List<String> hints) {
        for (OldNames starter : OldNames.ALL) {
            for (OldName old : starter.names()) {
                String advice = old.adviceFor(name);
                if (advice != null) {
                    hints.add(name + place(source.getConfigurationProperty(name)) + ": " + advice);
                    return;
                }
            }
        }
    }

    private static String place(@Nullable ConfigurationProperty found) {
        return found == null || found.getOrigin() == null ? "" : " (" + found.getOrigin() + ")";
    }
}
