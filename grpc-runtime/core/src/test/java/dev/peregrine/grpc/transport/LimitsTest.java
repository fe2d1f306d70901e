// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LimitsTest {

    private static final Limits D = Limits.DEFAULT;

    private static Arguments refused(String message, Supplier<Limits> limits) {
        return arguments(message, limits);
    }

    static List<Arguments> refusals() {
        return List.of(
                refused("maxMessageSize: -1 (expected: >= 0 bytes)", () -> D.withMaxMessageSize(-1)),
                refused("maxMetadataSize: 511 (expected: >= 512 bytes)", () -> D.withMaxMetadataSize(511)),
                refused("maxConcurrentCalls: 0 (expected: >= 1)", () -> D.withMaxConcurrentCalls(0)),
                refused("streamWindow: 1023 (expected: >= 1024 bytes)", () -> D.withWindows(1023, 1 << 20)),
                refused("connectionWindow: 65534 (expected: >= 65535 bytes)", () -> D.withWindows(65_535, 65_534)),
                refused("writeBufferHighWater: 0 (expected: >= 1 byte)", () -> D.withWriteBufferHighWater(0)),
                refused("maxResetsPerWindow: 0 (expected: >= 1)", () -> D.withMaxResetsPerWindow(0)),
                refused("maxQueuedControlFrames: 0 (expected: >= 1)", () -> D.withMaxQueuedControlFrames(0)),
                refused("handshakeTimeout: PT0S (expected: > 0)", () -> D.withHandshakeTimeout(Duration.ZERO)),
                refused(
                        "handshakeTimeout: PT-1S (expected: > 0)",
                        () -> D.withHandshakeTimeout(Duration.ofSeconds(-1))),
                refused("maxBufferedBytes: 65535 (expected: >= 65536 bytes)", () -> D.withMaxBufferedBytes(65_535)),
                refused("maxWindow: -1 (expected: >= 0 bytes)", () -> D.withMaxWindow(-1)),
                refused("maxIdleFrames: 99 (expected: >= 100)", () -> D.withMaxIdleFrames(99)),
                refused("maxWaitingCalls: 0 (expected: >= 1)", () -> D.withMaxWaitingCalls(0)),
                refused("maxConnections: 0 (expected: >= 1)", () -> D.withMaxConnections(0)),
                refused("maxConnectionsPerAddress: 0 (expected: >= 1)", () -> D.withMaxConnectionsPerAddress(0)),
                refused("maxCompressionRatio: 0 (expected: >= 1)", () -> D.withMaxCompressionRatio(0)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aLimitThatMakesNoSenseIsRefusedByNameAndValue(String message, Supplier<Limits> limits) {
        assertThatIllegalArgumentException().isThrownBy(limits::get).withMessage(message);
    }

    static List<UnaryOperator<Limits>> changes() {
        return List.of(
                limits -> limits.withMaxMessageSize(0),
                limits -> limits.withMaxMetadataSize(512),
                limits -> limits.withMaxConcurrentCalls(1),
                limits -> limits.withWindows(1024, D.connectionWindow()),
                limits -> limits.withWindows(D.streamWindow(), 65_535),
                limits -> limits.withWriteBufferHighWater(1),
                limits -> limits.withMaxResetsPerWindow(1),
                limits -> limits.withMaxQueuedControlFrames(1),
                limits -> limits.withHandshakeTimeout(Duration.ofNanos(1)),
                limits -> limits.withMaxBufferedBytes(65_536),
                limits -> limits.withMaxWindow(0),
                limits -> limits.withMaxIdleFrames(100),
                limits -> limits.withMaxWaitingCalls(1),
                limits -> limits.withMaxConnections(1),
                limits -> limits.withMaxConnectionsPerAddress(1),
                limits -> limits.withMaxCompressionRatio(1));
    }

    /** Limits differ in as many places as their texts do. */
    @ParameterizedTest
    @MethodSource("changes")
    void eachChangeChangesOneLimitAndKeepsTheOthers(UnaryOperator<Limits> change) {
        String[] before = D.toString().split(", ");
        String[] after = change.apply(D).toString().split(", ");

        int differences = 0;
        for (int i = 0; i < before.length; i++) {
            differences += before[i].equals(after[i]) ? 0 : 1;
        }
        assertThat(differences).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void limitsThatDifferInOneAreNotEqual(UnaryOperator<Limits> change) {
        assertThat(change.apply(D)).isNotEqualTo(D).isEqualTo(change.apply(D)).hasSameHashCodeAs(change.apply(D));
    }
}
