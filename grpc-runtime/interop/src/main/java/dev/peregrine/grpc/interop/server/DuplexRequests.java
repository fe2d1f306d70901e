// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.server;

import dev.peregrine.grpc.interop.proto.StreamingOutputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Hears the requests of a call with two streams and passes them on to be answered: each at once, or all at the end. */
final class DuplexRequests implements Flow.Subscriber<StreamingOutputCallRequest> {

    private final boolean hearOut;
    private final List<StreamingOutputCallRequest> heard = new ArrayList<>();
    private final PacedResponses responses = new PacedResponses(this::next);
    private Flow.@Nullable Subscription requests;

    private DuplexRequests(boolean hearOut) {
        this.hearOut = hearOut;
    }

    /** FullDuplexCall: answers each request before it hears the next, so that a slow reader holds back its own writing. */
    static Flow.Publisher<StreamingOutputCallResponse> answerEach(Flow.Publisher<StreamingOutputCallRequest> requests) {
        return new DuplexRequests(false).answer(requests);
    }

    /** HalfDuplexCall: hears the caller out first. */
    static Flow.Publisher<StreamingOutputCallResponse> answerAll(Flow.Publisher<StreamingOutputCallRequest> requests) {
        return new DuplexRequests(true).answer(requests);
    }

    private Flow.Publisher<StreamingOutputCallResponse> answer(Flow.Publisher<StreamingOutputCallRequest> requests) {
        requests.subscribe(this);
        return responses;
    }

    private void next() {
        if (requests != null) {
            requests.request(1);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription requests) {
        this.requests = requests;
    }

    @Override
    public void onNext(StreamingOutputCallRequest request) {
        if (hearOut) {
            heard.add(request);
            next();
        } else {
            responses.add(request);
        }
    }

    @Override
    public void onError(Throwable failure) {
        responses.end(failure);
    }

    @Override
    public void onComplete() {
        heard.forEach(responses::add);
        responses.end(null);
    }
}
