// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.load;

import com.google.protobuf.ByteString;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;

/**
 * What every contender is asked to do.
 *
 * @param shape what a call is
 * @param connections how many there are; calls are spread over them evenly
 * @param outstanding calls that are always under way, on all connections together
 * @param payloadBytes bytes in each message, before protobuf puts its tag and length in front
 * @param answers messages that answer each request; 1 unless the server streams
 */
public record Workload(Shape shape, int connections, int outstanding, int payloadBytes, int answers) {

    /** What a call is, and so what is counted. */
    public enum Shape {
        /** One message each way. */
        UNARY,
        /** One request, many answers; the answers are counted. */
        SERVER_STREAMING,
        /** A call that stays open: a request, its answer, the next request; the answers are counted. */
        PING_PONG
    }

    public Workload {
        if (connections < 1) {
            throw new IllegalArgumentException("connections: " + connections + " (expected: >= 1)");
        }
        if (outstanding < connections) {
            throw new IllegalArgumentException("outstanding: " + outstanding + " (expected: >= " + connections
                    + ", or a connection would have nothing to do)");
        }
        if (payloadBytes < 0) {
            throw new IllegalArgumentException("payloadBytes: " + payloadBytes + " (expected: >= 0)");
        }
        if (answers < 1 || (answers > 1 && shape != Shape.SERVER_STREAMING)) {
            throw new IllegalArgumentException("answers: " + answers + " (expected: 1, or more if the server streams)");
        }
    }

    /** Unary calls over one connection. */
    public static Workload unary(int outstanding, int payloadBytes) {
        return new Workload(Shape.UNARY, 1, outstanding, payloadBytes, 1);
    }

    /** What a counted thing is called. */
    public String unit() {
        return shape == Shape.UNARY ? "call" : "message";
    }

    /** The message of all calls; messages are immutable and shared. */
    public EchoMessage request() {
        return EchoMessage.newBuilder()
                .setPayload(ByteString.copyFrom(new byte[payloadBytes]))
                .setAnswers(shape == Shape.SERVER_STREAMING ? answers : 0)
                .build();
    }

    /** One word; {@link #parse} reads it. */
    public String encode() {
        return shape + "," + connections + "," + outstanding + "," + payloadBytes + "," + answers;
    }

    /**
     * @throws IllegalArgumentException if the text was not made by {@link #encode}
     */
    public static Workload parse(String text) {
        String[] parts = text.split(",");
        if (parts.length != 5) {
            throw new IllegalArgumentException("workload: " + text + " (expected: a shape and four numbers)");
        }
        return new Workload(
                Shape.valueOf(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]),
                Integer.parseInt(parts[4]));
    }

    /** For people. */
    @Override
    public String toString() {
        String what = switch (shape) {
            case UNARY -> "calls";
            case SERVER_STREAMING -> "calls with " + answers + " answers each";
            case PING_PONG -> "calls that stay open";
        };
        return outstanding + " " + what + " under way, " + payloadBytes + " bytes in a message, "
                + (connections == 1 ? "one connection" : connections + " connections");
    }
}
