// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import dev.peregrine.grpc.benchmarks.load.Load;
import dev.peregrine.grpc.benchmarks.load.ThreadLoad;
import dev.peregrine.grpc.benchmarks.load.Workload;
import dev.peregrine.grpc.benchmarks.proto.Echo;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import dev.peregrine.grpc.client.ManagedChannel;
import java.io.IOException;

/**
 * This runtime as it comes: handlers that may block, each on a virtual thread (JDK 21 and newer) or on one of a bounded
 * pool; callers that wait.
 */
final class PeregrineBlocking implements Contender {

    @Override
    public EchoServer serve() throws IOException {
        return PeregrineServer.start(new MayBlock());
    }

    @Override
    public Load connect(int port, Workload workload) {
        ManagedChannel channel = PeregrineServer.channelTo(port);
        Echo.Client client = Echo.Client.create(channel);
        EchoMessage request = workload.request();
        return new ThreadLoad(workload, () -> client.unaryEcho(request), channel::close);
    }

    private static final class MayBlock implements Echo.Service {
        @Override
        public EchoMessage unaryEcho(EchoMessage request) {
            return request;
        }
    }
}
