// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import dev.peregrine.grpc.benchmarks.load.CallbackLoad.AsyncEcho;
import dev.peregrine.grpc.benchmarks.load.CallbackLoad.Calls;
import dev.peregrine.grpc.benchmarks.load.CallbackLoad.Outcome;
import dev.peregrine.grpc.benchmarks.load.ThreadLoad.Caller;
import dev.peregrine.grpc.benchmarks.load.Workload;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The calls of grpc-java's stubs, in each shape. */
final class GrpcJavaCalls {

    private GrpcJavaCalls() {}

    static List<ManagedChannel> channels(int port, Workload workload, UnaryOperator<NettyChannelBuilder> change) {
        return IntStream.range(0, workload.connections())
                .mapToObj(channel -> (ManagedChannel)
                        change.apply(GrpcJavaServer.channelTo(port)).build())
                .toList();
    }

    // ---- callbacks ----

    static AsyncEcho async(List<ManagedChannel> channels, Workload workload) {
        EchoMessage request = workload.request();
        Supplier<ManagedChannel> next = new RoundRobin<>(channels);
        return outcome -> {
            Channel channel = next.get();
            return switch (workload.shape()) {
                case UNARY -> {
                    StreamObserver<EchoMessage> answers = new Answers(outcome, 1);
                    yield () -> ClientCalls.asyncUnaryCall(
                            channel.newCall(GrpcJava.UNARY_ECHO, CallOptions.DEFAULT), request, answers);
                }
                case SERVER_STREAMING -> {
                    StreamObserver<EchoMessage> answers = new Answers(outcome, workload.answers());
                    yield () -> ClientCalls.asyncServerStreamingCall(
                            channel.newCall(GrpcJava.WATCH_ECHO, CallOptions.DEFAULT), request, answers);
                }
                case PING_PONG -> new PingPong(channel, request, outcome);
            };
        };
    }

    /** The call has ended when its status is there, after the messages. One lane has one call at a time. */
    private static final class Answers implements StreamObserver<EchoMessage> {

        private final Outcome outcome;
        private final AnswerCount count;

        Answers(Outcome outcome, int answers) {
            this.outcome = outcome;
            this.count = new AnswerCount(answers);
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
        public void onCompleted() {
            count.tell(outcome);
        }
    }

    /** One call that stays open. */
    private static final class PingPong implements Calls, StreamObserver<EchoMessage> {

        private final Channel channel;
        private final EchoMessage request;
        private final Outcome outcome;
        private @Nullable StreamObserver<EchoMessage> requests;
        private volatile boolean ended;

        PingPong(Channel channel, EchoMessage request, Outcome outcome) {
            this.channel = channel;
            this.request = request;
            this.outcome = outcome;
        }

        @Override
        public void next() {
            StreamObserver<EchoMessage> open = requests;
            if (open == null) {
                open = ClientCalls.asyncBidiStreamingCall(
                        channel.newCall(GrpcJava.CHAT_ECHO, CallOptions.DEFAULT), this);
                requests = open;
            }
            open.onNext(request);
        }

        @Override
        public void end() {
            ended = true;
            if (requests != null) {
                requests.onCompleted();
            }
        }

        @Override
        public void onNext(EchoMessage answer) {
            outcome.answered(answer);
        }

        @Override
        public void onError(Throwable failure) {
            if (!ended) {
                outcome.failed(failure);
            }
        }

        @Override
        public void onCompleted() {
            if (!ended) {
                outcome.failed(new IllegalStateException("the server ended a call that should stay open"));
            }
        }
    }

    // ---- callers that wait ----

    static Supplier<Caller> blocking(List<ManagedChannel> channels, Workload workload) {
        EchoMessage request = workload.request();
        Supplier<ManagedChannel> next = new RoundRobin<>(channels);
        return () -> {
            Channel channel = next.get();
            return switch (workload.shape()) {
                case UNARY ->
                    () -> ClientCalls.blockingUnaryCall(channel, GrpcJava.UNARY_ECHO, CallOptions.DEFAULT, request);
                case SERVER_STREAMING -> () -> watch(channel, request, workload.answers());
                case PING_PONG ->
                    new OpenCall(
                            ClientCalls.blockingBidiStreamingCall(channel, GrpcJava.CHAT_ECHO, CallOptions.DEFAULT),
                            request);
            };
        };
    }

    private static EchoMessage watch(Channel channel, EchoMessage request, int answers) {
        AnswerCount count = new AnswerCount(answers);
        Iterator<EchoMessage> call =
                ClientCalls.blockingServerStreamingCall(channel, GrpcJava.WATCH_ECHO, CallOptions.DEFAULT, request);
        call.forEachRemaining(count::add);
        return count.last();
    }

    private record OpenCall(BlockingClientCall<EchoMessage, EchoMessage> call, EchoMessage request) implements Caller {

        @Override
        public EchoMessage echo() {
            try {
                call.write(request);
                EchoMessage answer = call.read();
                if (answer == null) {
                    throw new IllegalStateException("the server ended a call that should stay open");
                }
                return answer;
            } catch (StatusException failure) {
                throw new IllegalStateException(failure);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(stop);
            }
        }

        @Override
        public void close() {
            call.halfClose();
        }
    }
}
