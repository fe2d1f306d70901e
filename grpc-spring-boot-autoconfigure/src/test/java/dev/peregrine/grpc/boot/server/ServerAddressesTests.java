// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static dev.peregrine.grpc.boot.server.TwoServers.hello;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.client.ManagedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Where servers listen, and where they cannot. */
@Timeout(60)
class ServerAddressesTests {

    private final ApplicationContextRunner runner = TwoServers.runner();

    @Test
    void unixAndInProcessAddressesAreServersToo() {
        runner.withPropertyValues(
                        "grpc.server.services=*",
                        "grpc.servers.internal.services=*",
                        "grpc.servers.internal.address=inprocess:named-servers-test",
                        "grpc.servers.internal.port=")
                .run(context -> {
                    try (ManagedChannel channel = ManagedChannel.builder("inprocess:named-servers-test")
                            .build()) {
                        assertThat(hello(channel)).isEqualTo("Hello you");
                    }
                    assertThat(context.getEnvironment().getProperty("local.grpc.server.internal.port"))
                            .isNull();
                });
    }

    @Test
    void oneServerListensOnSeveralAddresses() {
        runner.withPropertyValues("grpc.server.address=127.0.0.1,[::1]:0").run(context -> {
            assertThat(context.getBean(GrpcServers.class).addresses("default")).hasSize(2);
            assertThat(hello(context, "default")).isEqualTo("Hello you");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "grpc.servers.internal.address=127.0.0.1:7001 | grpc.server.address=127.0.0.1:7001 | address, 127.0.0.1:7001",
                "grpc.servers.internal.address=*:7001 | grpc.server.address=127.0.0.1:7001 | port, on 127.0.0.1:7001 and 0.0.0.0:7001",
                "grpc.servers.internal.address=inprocess:a | grpc.server.address=inprocess:a | address, inprocess:a"
            })
    void twoServersOnOneAddressAreRefusedBeforeEitherStarts(String one, String other, String which) {
        runner.withBean(TwoServers.InternalParting.class)
                .withPropertyValues(one, other)
                .run(context -> {
                    assertThat(analysisOf(context).getDescription())
                            .isEqualTo("The gRPC servers 'default' and 'internal' want the same " + which + ".");
                    assertThat(analysisOf(context).getAction())
                            .contains("grpc.server.port", "grpc.servers.internal.port");
                });
    }

    @Test
    void aServerWithoutAPortIsRefused() {
        runner.withBean(TwoServers.InternalParting.class)
                .withPropertyValues("grpc.servers.internal.port=")
                .run(context -> {
                    assertThat(analysisOf(context).getDescription())
                            .isEqualTo("The gRPC server 'internal' has no port to listen on.");
                    assertThat(analysisOf(context).getAction()).contains("grpc.servers.internal.port");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"no.such.host.invalid", "[::1", "unix:", "unix-abstract:", "inprocess:a b", "host:70000"})
    void anAddressThatCannotBeOneIsNamedWithItsProperty(String address) {
        runner.withBean(TwoServers.InternalParting.class)
                .withPropertyValues("grpc.servers.internal.address=" + address)
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .startsWith("The gRPC server 'internal' cannot listen on '" + address + "', an entry of"
                                + " grpc.servers.internal.address: ")
                        .endsWith("."));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aPortThatNoAddressTakesIsSaid(CapturedOutput output) {
        runner.withPropertyValues("grpc.server.address=127.0.0.1:0", "grpc.server.port=7")
                .run(context -> assertThat(output)
                        .contains("grpc.server.port=7 does nothing: each entry of grpc.server.address has a port"));
    }
}
