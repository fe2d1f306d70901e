// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import dev.peregrine.grpc.benchmarks.load.CallbackLoad.AsyncEcho;
import dev.peregrine.grpc.benchmarks.load.CallbackLoad.Calls;
import dev.peregrine.grpc.benchmarks.load.CallbackLoad.Outcome;
import dev.peregrine.grpc.benchmarks.load.ThreadLoad.Caller;
import dev.peregrine.grpc.benchmarks.load.Workload;
import dev.peregrine.grpc.benchmarks.proto.Echo;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import dev.peregrine.grpc.stub.ServerStreamingCall;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The calls of this runtime's two clients, in each shape. */
final class PeregrineCalls {

    private PeregrineCalls() {}

    static List<ManagedChannel> channels(int port, Workload workload) {
        return IntStream.range(0, workload.connections())
                .mapToObj(channel -> PeregrineServer.channelTo(port))
                .toList();
    }

    // ---- callbacks ----

    static AsyncEcho async(List<ManagedChannel> channels, Workload workload) {
        EchoMessage request = workload.request();
        Supplier<ManagedChannel> next = new RoundRobin<>(channels);
        return outcome -> {
            Echo.AsyncClient client = Echo.AsyncClient.create(next.get());
            return switch (workload.shape()) {
                case UNARY -> unary(client, request, outcome);
                case SERVER_STREAMING -> {
                    Watching answers = new Watching(outcome, workload.answers());
                    yield () -> client.watchEcho(request).subscribe(answers);
                }
                case PING_PONG -> new PingPong(client, request, outcome);
            };
        };
    }

    private static Calls unary(Echo.AsyncClient client, EchoMessage request, Outcome outcome) {
        BiConsumer<EchoMessage, Throwable> completion = (answer, failure) -> {
            if (failure == null) {
                outcome.answered(answer);
            } else {
                outcome.failed(failure);
            }
        };
        return () -> client.unaryEcho(request).whenComplete(completion);
    }

    /** The answers of one call after the other. */
    private static final class Watching implements Flow.Subscriber<EchoMessage> {

        private final Outcome outcome;
        private final AnswerCount count;

        Watching(Outcome outcome, int answers) {
            this.outcome = outcome;
            this.count = new AnswerCount(answers);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(EchoMessage answer) {
            count.add(answer);
        }

        @Override
        public void onError(Throwable failure) {
            outcome.failed(failure);
        }

        @Override
        public void onComplete() {
            count.tell(outcome);
        }
    }

    /** One call that stays open: publishes a request when the last one is answered. */
    private static final class PingPong
            implements Calls, Flow.Publisher<EchoMessage>, Flow.Subscription, Flow.Subscriber<EchoMessage> {

        private final Echo.AsyncClient client;
        private final EchoMessage request;
        private final Outcome outcome;
        private boolean open;
        private Flow.@Nullable Subscriber<? super EchoMessage> requests;
        private long demand;
        private boolean waiting;
        private boolean ended;

        PingPong(Echo.AsyncClient client, EchoMessage request, Outcome outcome) {
            this.client = client;
            this.request = request;
            this.outcome = outcome;
        }

        @Override
        public void next() {
            boolean first;
            synchronized (this) {
                waiting = true;
                first = !open;
                open = true;
            }
            if (first) {
                client.chatEcho(this).subscribe(this);
            }
            publish();
        }

        private synchronized void publish() {
            if (waiting && demand > 0 && requests != null) {
                waiting = false;
                demand--;
                requests.onNext(request);
            }
        }

        @Override
        public synchronized void end() {
            ended = true;
            if (requests != null) {
                requests.onComplete();
            }
        }

        // The requests' side.

        @Override
        public void subscribe(Flow.Subscriber<? super EchoMessage> subscriber) {
            synchronized (this) {
                requests = subscriber;
            }
            subscriber.onSubscribe(this);
        }

        @Override
        public void request(long messages) {
            synchronized (this) {
                demand = messages > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + messages;
            }
            publish();
        }

        @Override
        public void cancel() {}

        // The answers' side.

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(EchoMessage answer) {
            outcome.answered(answer);
        }

        @Override
        public void onError(Throwable failure) {
            fail(failure);
        }

        @Override
        public void onComplete() {
            fail(new IllegalStateException("the server ended a call that should stay open"));
        }

        private void fail(Throwable failure) {
            boolean tooEarly;
            synchronized (this) {
                tooEarly = !ended;
            }
            if (tooEarly) {
                outcome.failed(failure);
            }
        }
    }

    // ---- callers that wait ----

    static Supplier<Caller> blocking(List<ManagedChannel> channels, Workload workload) {
        EchoMessage request = workload.request();
        Supplier<ManagedChannel> next = new RoundRobin<>(channels);
        return () -> {
            Echo.Client client = Echo.Client.create(next.get());
            return switch (workload.shape()) {
                case UNARY -> () -> client.unaryEcho(request);
                case SERVER_STREAMING -> () -> watch(client, request, workload.answers());
                case PING_PONG -> new OpenCall(client.chatEcho(), request);
            };
        };
    }

    private static EchoMessage watch(Echo.Client client, EchoMessage request, int answers) {
        AnswerCount count = new AnswerCount(answers);
        try (ServerStreamingCall<EchoMessage> call = client.watchEcho(request)) {
            for (EchoMessage answer : call) {
                count.add(answer);
            }
        }
        return count.last();
    }

    private record OpenCall(BidiStreamingCall<EchoMessage, EchoMessage> call, EchoMessage request) implements Caller {

        @Override
        public EchoMessage echo() {
            call.write(request);
            EchoMessage answer = call.read();
            if (answer == null) {
                throw new IllegalStateException("the server ended a call that should stay open");
            }
            return answer;
        }

        @Override
        public void close() {
            call.halfClose();
            call.close();
        }
    }
}
