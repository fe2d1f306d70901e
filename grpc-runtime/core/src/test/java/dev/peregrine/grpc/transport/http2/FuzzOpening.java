// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.fuzz.Chance;
import dev.peregrine.grpc.transport.ConnectionPolicy;
import dev.peregrine.grpc.transport.KeepAlive;
import dev.peregrine.grpc.transport.Limits;
import java.time.Duration;

/**
 * What a connection's script starts from.
 *
 * @param policy a server's; a client takes keep-alive and idle time from it
 * @param behaviour seeds what the application does when it hears something
 */
record FuzzOpening(Limits limits, ConnectionPolicy policy, long behaviour, Manner manner) {

    private static final KeepAlive IMPATIENT = KeepAlive.every(Duration.ofSeconds(10))
            .withTimeout(Duration.ofSeconds(1))
            .evenWithoutCalls();

    /** How the peer behaves. */
    enum Manner {
        /** Keeps to every rule: must never be accused of anything. */
        LAWFUL,
        MUTATED,
        NOISE
    }

    /** Whether a script makes sense without this step: a lawful peer without some of its words is lawful no more. */
    boolean isOptional(FuzzStep step) {
        boolean talk = step instanceof FuzzStep.Receive
                || step instanceof FuzzStep.Room
                || (step instanceof FuzzStep.Act act && act.opens());
        return manner != Manner.LAWFUL || !talk;
    }

    static FuzzOpening random(Chance chance) {
        Limits limits = Limits.DEFAULT
                .withMaxMessageSize(chance.of(0, 100, 4000, 20_000))
                .withMaxMetadataSize(chance.of(512, 2000, 8192))
                .withMaxConcurrentCalls(chance.of(1, 3, 1000))
                .withWindows(chance.of(1024, 5000, 65_535, 1 << 20), chance.of(65_535, 65_536, 1 << 20))
                .withWriteBufferHighWater(chance.of(1, 1000, 64 << 10))
                .withMaxResetsPerWindow(chance.of(1, 3, 200))
                .withMaxQueuedControlFrames(chance.of(1, 10, 1000))
                .withMaxBufferedBytes(chance.of(1 << 16, 128 << 20))
                .withMaxWindow(chance.of(0, 10_000, 1 << 20, Integer.MAX_VALUE))
                .withMaxIdleFrames(chance.of(100, 10_000))
                .withMaxWaitingCalls(chance.of(1, 50_000));
        ConnectionPolicy policy = ConnectionPolicy.DEFAULT
                .withKeepAlive(chance.of(KeepAlive.OFF, KeepAlive.every(Duration.ofSeconds(10)), IMPATIENT))
                .withMaxIdle(chance.of(Duration.ofSeconds(12), Duration.ofMinutes(15)));
        Manner manner = chance.of(
                Manner.LAWFUL,
                Manner.LAWFUL,
                Manner.LAWFUL,
                Manner.MUTATED,
                Manner.MUTATED,
                Manner.MUTATED,
                Manner.MUTATED,
                Manner.MUTATED,
                Manner.MUTATED,
                Manner.NOISE);
        if (manner == Manner.LAWFUL) {
            limits = limits.withMaxMetadataSize(8192)
                    .withMaxConcurrentCalls(1000)
                    .withMaxResetsPerWindow(200)
                    .withMaxQueuedControlFrames(1000)
                    .withMaxBufferedBytes(128 << 20)
                    .withMaxIdleFrames(10_000)
                    .withMaxWaitingCalls(50_000);
            policy = ConnectionPolicy.DEFAULT.withPermittedPings(Duration.ZERO, true);
        }
        return new FuzzOpening(limits, policy, chance.bits(), manner);
    }
}
