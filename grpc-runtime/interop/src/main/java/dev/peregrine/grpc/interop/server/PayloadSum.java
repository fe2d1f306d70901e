// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.server;

import dev.peregrine.grpc.interop.proto.StreamingInputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingInputCallResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Adds up the payloads of a stream, one request at a time. */
final class PayloadSum implements Flow.Subscriber<StreamingInputCallRequest> {

    private final CompletableFuture<StreamingInputCallResponse> response = new CompletableFuture<>();
    private Flow.@Nullable Subscription requests;
    private int sum;

    CompletionStage<StreamingInputCallResponse> response() {
        return response;
    }

    @Override
    public void onSubscribe(Flow.Subscription requests) {
        this.requests = requests;
        requests.request(1);
    }

    @Override
    public void onNext(StreamingInputCallRequest request) {
        sum += Answers.sizeOf(request);
        if (requests != null) {
            requests.request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        response.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        response.complete(StreamingInputCallResponse.newBuilder()
                .setAggregatedPayloadSize(sum)
                .build());
    }
}
