// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A published stream of responses, read one by one by a thread that waits. Metadata is not to be had here: the asynchronous
 * face shows it to interceptors only, see {@link ObservedCall}.
 */
final class AwaitedStream<Q, R> implements BidiStreamingCall<Q, R>, Flow.Subscriber<R> {

    private final SubmissionPublisher<Q> requests;
    private final BlockingQueue<Event<R>> events = new LinkedBlockingQueue<>();
    private Flow.@Nullable Subscription subscription;
    private @Nullable End<R> end;

    private AwaitedStream(SubmissionPublisher<Q> requests) {
        this.requests = requests;
    }

    /** What the publisher said. */
    private sealed interface Event<R> {}

    private record Next<R>(R response) implements Event<R> {}

    private record End<R>(@Nullable StatusException failure) implements Event<R> {}

    /** The responses alone. */
    static <R> AwaitedStream<?, R> responses(Flow.Publisher<R> responses) {
        return duplex(new SubmissionPublisher<>(), responses);
    }

    /**
     * @param requests what the call was given to send
     */
    static <Q, R> AwaitedStream<Q, R> duplex(SubmissionPublisher<Q> requests, Flow.Publisher<R> responses) {
        AwaitedStream<Q, R> stream = new AwaitedStream<>(requests);
        responses.subscribe(stream);
        return stream;
    }

    @Override
    public void write(Q request) {
        requests.submit(request);
    }

    @Override
    public void halfClose() {
        requests.close();
    }

    @Override
    public @Nullable R read() {
        if (end == null) {
            Objects.requireNonNull(subscription, "the publisher has not called onSubscribe")
                    .request(1);
            Event<R> event = take();
            if (event instanceof Next<R> next) {
                return next.response();
            }
            end = (End<R>) event;
        }
        if (end.failure() != null) {
            throw end.failure();
        }
        return null;
    }

    private Event<R> take() {
        try {
            return events.take();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CaseFailedException("interrupted while waiting for a response");
        }
    }

    @Override
    public Iterator<R> iterator() {
        return Stream.generate(this::read).takeWhile(Objects::nonNull).iterator();
    }

    @Override
    public Metadata headers() {
        throw new UnsupportedOperationException("the asynchronous face shows headers to interceptors only");
    }

    @Override
    public Metadata trailers() {
        throw new UnsupportedOperationException("the asynchronous face shows trailers to interceptors only");
    }

    /** A subscriber that cancels hears nothing more, so it says the end to itself. */
    @Override
    public void close() {
        if (subscription != null) {
            subscription.cancel();
        }
        events.add(new End<>(new StatusException(StatusCode.CANCELLED, "the subscription is cancelled")));
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
    }

    @Override
    public void onNext(R response) {
        events.add(new Next<>(response));
    }

    @Override
    public void onError(Throwable failure) {
        events.add(new End<>(
                failure instanceof StatusException status
                        ? status
                        : new StatusException(StatusCode.UNKNOWN, "not a StatusException: " + failure)));
    }

    @Override
    public void onComplete() {
        events.add(new End<>(null));
    }
}
