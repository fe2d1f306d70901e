// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import dev.peregrine.grpc.NonBlocking;
import dev.peregrine.grpc.benchmarks.load.CallbackLoad;
import dev.peregrine.grpc.benchmarks.load.CallbackLoad.AsyncEcho;
import dev.peregrine.grpc.benchmarks.load.Load;
import dev.peregrine.grpc.benchmarks.load.Workload;
import dev.peregrine.grpc.benchmarks.proto.Echo;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import dev.peregrine.grpc.client.ManagedChannel;
import java.io.IOException;
import java.util.function.BiConsumer;

/** This runtime without a thread hop on either side. */
final class PeregrineEventLoop implements Contender {

    @Override
    public EchoServer serve() throws IOException {
        return PeregrineServer.start(new InPlace());
    }

    @Override
    public Load connect(int port, Workload workload) {
        ManagedChannel channel = PeregrineServer.channelTo(port);
        return new CallbackLoad(workload, echo(Echo.AsyncClient.create(channel), workload.request()), channel::close);
    }

    private static AsyncEcho echo(Echo.AsyncClient client, EchoMessage request) {
        return outcome -> {
            BiConsumer<EchoMessage, Throwable> completion = (answer, failure) -> {
                if (failure == null) {
                    outcome.answered(answer);
                } else {
                    outcome.failed(failure);
                }
            };
            return () -> client.unaryEcho(request).whenComplete(completion);
        };
    }

    @NonBlocking
    private static final class InPlace implements Echo.Service {
        @Override
        public EchoMessage unaryEcho(EchoMessage request) {
            return request;
        }
    }
}
