// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.interop.proto.Empty;
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
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SubmissionPublisher;

/** The asynchronous face, waited for, so that the same cases try both faces. */
record AsyncFace(TestService.AsyncClient client) implements TestService.Client {

    @Override
    public CallOptions callOptions() {
        return client.callOptions();
    }

    @Override
    public TestService.Client withCallOptions(CallOptions options) {
        return new AsyncFace(client.withCallOptions(options));
    }

    @Override
    public Empty emptyCall(Empty request) {
        return await(client.emptyCall(request));
    }

    @Override
    public SimpleResponse unaryCall(SimpleRequest request) {
        return await(client.unaryCall(request));
    }

    @Override
    public SimpleResponse cacheableUnaryCall(SimpleRequest request) {
        return await(client.cacheableUnaryCall(request));
    }

    @Override
    public Empty unimplementedCall(Empty request) {
        return await(client.unimplementedCall(request));
    }

    @Override
    public ServerStreamingCall<StreamingOutputCallResponse> streamingOutputCall(StreamingOutputCallRequest request) {
        return AwaitedStream.responses(client.streamingOutputCall(request));
    }

    @Override
    public ClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> streamingInputCall() {
        SubmissionPublisher<StreamingInputCallRequest> requests = new SubmissionPublisher<>();
        return new Upload(requests, client.streamingInputCall(requests));
    }

    @Override
    public BidiStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> fullDuplexCall() {
        SubmissionPublisher<StreamingOutputCallRequest> requests = new SubmissionPublisher<>();
        return AwaitedStream.duplex(requests, client.fullDuplexCall(requests));
    }

    @Override
    public BidiStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> halfDuplexCall() {
        SubmissionPublisher<StreamingOutputCallRequest> requests = new SubmissionPublisher<>();
        return AwaitedStream.duplex(requests, client.halfDuplexCall(requests));
    }

    /**
     * @throws StatusException as the stage did
     */
    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof StatusException status) {
                throw status;
            }
            throw new IllegalStateException(
                    "a call failed with something else than a StatusException", failure.getCause());
        } catch (CancellationException cancelled) {
            throw new StatusException(StatusCode.CANCELLED, "the future is cancelled");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CaseFailedException("interrupted while waiting for a response");
        }
    }

    /** A stream of requests with one response in the future. */
    private record Upload(
            SubmissionPublisher<StreamingInputCallRequest> requests,
            CompletionStage<StreamingInputCallResponse> response)
            implements ClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> {

        @Override
        public void write(StreamingInputCallRequest request) {
            requests.submit(request);
        }

        @Override
        public StreamingInputCallResponse finish() {
            requests.close();
            return await(response);
        }

        @Override
        public void close() {
            response.toCompletableFuture().cancel(true);
        }
    }
}
