// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.load;

import com.google.protobuf.ByteString;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;

/**
 * What every contender is asked to do.
 *
 * @param outstanding calls that are always under way
 * @param payloadBytes bytes in each message, before protobuf puts its tag and length in front
 */
public record Workload(int outstanding, int payloadBytes) {

    public Workload {
        if (outstanding < 1) {
            throw new IllegalArgumentException("outstanding: " + outstanding + " (expected: >= 1)");
        }
        if (payloadBytes < 0) {
            throw new IllegalArgumentException("payloadBytes: " + payloadBytes + " (expected: >= 0)");
        }
    }

    /** The message of all calls; messages are immutable and shared. */
    public EchoMessage request() {
        return EchoMessage.newBuilder()
                .setPayload(ByteString.copyFrom(new byte[payloadBytes]))
                .build();
    }
}
