// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the runtime tells those who compile it to a native image. */
class NativeImageTests {

    private static final String CONFIGURATION = "/META-INF/native-image/dev.peregrine/grpc-runtime/reflect-config.json";

    /** Netty looks at the methods of handlers to leave out those that do nothing. */
    @Test
    void everyChannelHandlerIsKnown() throws IOException {
        Set<String> handlers = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.peregrine.grpc").stream()
                        .filter(type -> type.isAssignableTo(ChannelHandler.class))
                        .map(JavaClass::getName)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(handlers).isNotEmpty();
        assertThat(configured("dev\\.peregrine\\.[^\"]+")).isEqualTo(handlers);
    }

    /** {@code BlockingExecutors} finds it at run time, as the baseline does not have it. */
    @Test
    void virtualThreadsAreKnown() throws IOException {
        assertThat(configured("startVirtualThread")).containsExactly("startVirtualThread");
    }

    private static Set<String> configured(String name) throws IOException {
        try (var json = NativeImageTests.class.getResourceAsStream(CONFIGURATION)) {
            return Pattern.compile("\"name\": \"(" + name + ")\"")
                    .matcher(new String(json.readAllBytes(), StandardCharsets.UTF_8))
                    .results()
                    .map(found -> found.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
