// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import dev.peregrine.grpc.NonBlocking;
import dev.peregrine.grpc.benchmarks.load.CallbackLoad;
import dev.peregrine.grpc.benchmarks.load.Load;
import dev.peregrine.grpc.benchmarks.load.Workload;
import dev.peregrine.grpc.benchmarks.proto.Echo;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import dev.peregrine.grpc.client.ManagedChannel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Flow;

/** This runtime without a thread hop on either side. */
final class PeregrineEventLoop implements Contender {

    @Override
    public EchoServer serve(Workload workload) throws IOException {
        return PeregrineServer.start(workload.shape() == Workload.Shape.UNARY ? new InPlace() : new Streams());
    }

    @Override
    public Load connect(int port, Workload workload) {
        List<ManagedChannel> channels = PeregrineCalls.channels(port, workload);
        return new CallbackLoad(
                workload, PeregrineCalls.async(channels, workload), () -> channels.forEach(ManagedChannel::close));
    }

    @NonBlocking
    private static final class InPlace implements Echo.Service {
        @Override
        public EchoMessage unaryEcho(EchoMessage request) {
            return request;
        }
    }

    /** Streams without a thread of their own are publishers. */
    private static final class Streams implements Echo.AsyncService {

        @Override
        public Flow.Publisher<EchoMessage> watchEcho(EchoMessage request) {
            return subscriber -> subscriber.onSubscribe(new Repeated(request, subscriber));
        }

        @Override
        public Flow.Publisher<EchoMessage> chatEcho(Flow.Publisher<EchoMessage> requests) {
            return requests;
        }
    }

    /** One message over and over, as many as there is demand for; confined to the event loop. */
    private static final class Repeated implements Flow.Subscription {

        private final EchoMessage message;
        private final Flow.Subscriber<? super EchoMessage> subscriber;
        private int left;
        private long demand;
        private boolean publishing;

        Repeated(EchoMessage message, Flow.Subscriber<? super EchoMessage> subscriber) {
            this.message = message;
            this.subscriber = subscriber;
            this.left = message.getAnswers();
        }

        @Override
        public void request(long messages) {
            demand = messages > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + messages;
            if (publishing) {
                return; // Asked for from within onNext: the loop below sees it.
            }
            publishing = true;
            while (demand > 0 && left > 0) {
                demand--;
                left--;
                subscriber.onNext(message);
                if (left == 0) {
                    subscriber.onComplete();
                }
            }
            publishing = false;
        }

        @Override
        public void cancel() {
            left = 0;
        }
    }
}
