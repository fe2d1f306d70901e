// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.naming;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HostResolverTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void anAddressIsItself() {
        assertThat(HostResolver.resolve(new Target.Host("127.0.0.1", 80)).toCompletableFuture())
                .succeedsWithin(PATIENCE)
                .isEqualTo(java.util.List.of(new InetSocketAddress("127.0.0.1", 80)));
    }

    @Test
    void aHostThatIsUnknownFails() {
        assertThat(HostResolver.resolve(new Target.Host("does-not-exist.invalid", 80))
                        .toCompletableFuture())
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCauseInstanceOf(UnknownHostException.class);
    }
}
