// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.soak;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.Payloads;
import dev.peregrine.grpc.interop.client.TestStubs;
import dev.peregrine.grpc.interop.proto.BoolValue;
import dev.peregrine.grpc.interop.proto.EchoStatus;
import dev.peregrine.grpc.interop.proto.Empty;
import dev.peregrine.grpc.interop.proto.ResponseParameters;
import dev.peregrine.grpc.interop.proto.SimpleRequest;
import dev.peregrine.grpc.interop.proto.SimpleResponse;
import dev.peregrine.grpc.interop.proto.StreamingInputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingInputCallResponse;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import dev.peregrine.grpc.interop.proto.TestService;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import dev.peregrine.grpc.stub.ClientStreamingCall;
import dev.peregrine.grpc.stub.ServerStreamingCall;
import java.time.Duration;
import java.util.Collection;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls of all kinds, drawn by lot: sizes, numbers, deadlines, and where to break off. A call may end well, with what it was
 * asked to end with, or for a reason that the soak makes; everything else is written down as a violation.
 */
final class RandomCalls {

    /** A call that is still open then hangs; nothing here takes a second. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final StatusCode ASKED = StatusCode.FAILED_PRECONDITION;

    private final Random random;
    private boolean compressed;
    private final Collection<String> violations;
    private long made;

    RandomCalls(long seed, Collection<String> violations) {
        this.random = new Random(seed);
        this.violations = violations;
    }

    long made() {
        return made;
    }

    /** Makes one call and waits for its end. */
    void next(Channel channel) {
        made++;
        Face face = chance(50) ? Face.BLOCKING : Face.ASYNC;
        boolean hurried = chance(15);
        TestService.Client client = TestStubs.of(channel, face, Metadata.EMPTY)
                .service()
                .withDeadlineAfter(hurried ? Duration.ofNanos(random.nextInt(30_000_000)) : PATIENCE);
        if (chance(30)) {
            client = client.withWaitForReady();
        }
        compressed = chance(25);
        if (compressed) {
            client = client.withCompression("gzip");
        }
        String what = "nothing";
        try {
            switch (random.nextInt(6)) {
                case 0 -> {
                    what = "empty unary";
                    client.emptyCall(Empty.getDefaultInstance());
                }
                case 1 -> {
                    what = "unary";
                    unary(client);
                }
                case 2 -> {
                    what = "cancelled future";
                    cancelledFuture(channel, client.callOptions());
                }
                case 3 -> {
                    what = "upload";
                    upload(client);
                }
                case 4 -> {
                    what = "watch";
                    watch(client);
                }
                default -> {
                    what = "chat";
                    chat(client);
                }
            }
        } catch (StatusException failure) {
            judge(face + " " + what, failure, hurried);
        } catch (RuntimeException | AssertionError wrong) {
            violations.add(face + " " + what + ": " + wrong);
        }
    }

    private void judge(String what, StatusException failure, boolean hurried) {
        switch (failure.code()) {
            case CANCELLED, FAILED_PRECONDITION -> {}
            case UNAVAILABLE -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2)); // Until it is back.
            case DEADLINE_EXCEEDED -> {
                if (!hurried) {
                    violations.add(what + ": still open after " + PATIENCE.toSeconds() + " seconds");
                }
            }
            default -> violations.add(what + ": " + failure.status());
        }
    }

    private void unary(TestService.Client client) {
        SimpleRequest.Builder request = SimpleRequest.newBuilder()
                .setPayload(Payloads.zeros(size()))
                .setResponseSize(size())
                .setResponseCompressed(wish());
        if (chance(10)) {
            request.setResponseStatus(asked());
        }
        SimpleResponse response = client.unaryCall(request.build());
        expect(
                "bytes of the response",
                request.getResponseSize(),
                response.getPayload().getBody().size());
        expect("whether it failed", request.hasResponseStatus(), false);
    }

    private void cancelledFuture(Channel channel, CallOptions options) {
        CompletableFuture<SimpleResponse> response = TestService.AsyncClient.create(channel)
                .withCallOptions(options)
                .unaryCall(SimpleRequest.newBuilder()
                        .setPayload(Payloads.zeros(size()))
                        .setResponseSize(size())
                        .build())
                .toCompletableFuture();
        LockSupport.parkNanos(random.nextInt(2_000_000));
        response.cancel(true);
    }

    private void upload(TestService.Client client) {
        int requests = random.nextInt(20);
        int breakOff = chance(25) ? random.nextInt(requests + 1) : -1;
        int sum = 0;
        try (ClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call =
                client.streamingInputCall()) {
            for (int request = 0; request < requests; request++) {
                if (request == breakOff) {
                    return;
                }
                int size = size();
                sum += size;
                call.write(StreamingInputCallRequest.newBuilder()
                        .setPayload(Payloads.zeros(size))
                        .build());
            }
            if (breakOff < 0) {
                expect("the sum", sum, call.finish().getAggregatedPayloadSize());
            }
        }
    }

    private void watch(TestService.Client client) {
        StreamingOutputCallRequest.Builder request = StreamingOutputCallRequest.newBuilder();
        int responses = random.nextInt(20);
        for (int response = 0; response < responses; response++) {
            request.addResponseParameters(response());
        }
        int breakOff = chance(25) ? random.nextInt(responses + 1) : -1;
        boolean slow = chance(20);
        try (ServerStreamingCall<StreamingOutputCallResponse> call = client.streamingOutputCall(request.build())) {
            for (int response = 0; response < responses; response++) {
                if (response == breakOff) {
                    return;
                }
                if (slow) {
                    LockSupport.parkNanos(random.nextInt(10_000_000));
                }
                expectResponse(request.getResponseParameters(response), call.read());
            }
            if (breakOff < 0) {
                expect("the end", null, call.read());
            }
        }
    }

    private void chat(TestService.Client client) {
        int rounds = random.nextInt(10);
        int breakOff = chance(25) ? random.nextInt(rounds + 1) : -1;
        int failAt = chance(15) ? random.nextInt(rounds + 1) : -1;
        try (BidiStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
                chance(70) ? client.fullDuplexCall() : client.halfDuplexCall()) {
            // Responses are read at the end only now and then, so that both directions fill up.
            boolean patient = chance(30);
            StreamingOutputCallRequest.Builder expected = StreamingOutputCallRequest.newBuilder();
            for (int round = 0; round < rounds; round++) {
                if (round == breakOff) {
                    return;
                }
                StreamingOutputCallRequest.Builder request = StreamingOutputCallRequest.newBuilder()
                        .setPayload(Payloads.zeros(patient ? random.nextInt(1000) : size()));
                if (round == failAt) {
                    request.setResponseStatus(asked());
                } else {
                    ResponseParameters response = patient
                            ? ResponseParameters.newBuilder()
                                    .setSize(random.nextInt(1000))
                                    .build()
                            : response();
                    request.addResponseParameters(response);
                    expected.addResponseParameters(response);
                }
                call.write(request.build());
            }
            if (breakOff == rounds) {
                return;
            }
            call.halfClose();
            for (ResponseParameters response : expected.getResponseParametersList()) {
                expectResponse(response, call.read());
            }
            expect("the end", null, call.read());
        }
    }

    private ResponseParameters response() {
        return ResponseParameters.newBuilder()
                .setSize(size())
                .setCompressed(wish())
                .setIntervalUs(chance(10) ? random.nextInt(10_000) : 0)
                .build();
    }

    private static EchoStatus asked() {
        return EchoStatus.newBuilder()
                .setCode(ASKED.value())
                .setMessage("as asked")
                .build();
    }

    private BoolValue wish() {
        return BoolValue.newBuilder().setValue(compressed).build();
    }

    /**
     * Mostly small; now and then more than a frame, a buffer, a window. Zeros pack so well that a stream of large ones would be
     * taken for an attack; so those travel as they are.
     */
    private int size() {
        int lot = random.nextInt(100);
        return random.nextInt(lot < 70 ? 200 : lot < 90 ? 20_000 : lot < 98 || compressed ? 100_000 : 2_000_000);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private static void expectResponse(ResponseParameters asked, StreamingOutputCallResponse found) {
        expect("a response before the end", true, found != null);
        expect(
                "bytes of a response",
                asked.getSize(),
                found.getPayload().getBody().size());
    }

    private static void expect(String what, Object expected, Object found) {
        if (expected == null ? found != null : !expected.equals(found)) {
            throw new AssertionError(what + ": " + found + " (expected: " + expected + ")");
        }
    }
}
