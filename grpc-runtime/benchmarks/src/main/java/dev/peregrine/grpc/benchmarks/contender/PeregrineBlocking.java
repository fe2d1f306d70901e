// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import dev.peregrine.grpc.benchmarks.load.Load;
import dev.peregrine.grpc.benchmarks.load.ThreadLoad;
import dev.peregrine.grpc.benchmarks.load.Workload;
import dev.peregrine.grpc.benchmarks.proto.Echo;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.stub.RequestReader;
import dev.peregrine.grpc.stub.ResponseWriter;
import java.io.IOException;
import java.util.List;

/**
 * This runtime as it comes: handlers that may block, each on a virtual thread (JDK 21 and newer) or on one of a bounded
 * pool; callers that wait.
 */
final class PeregrineBlocking implements Contender {

    @Override
    public EchoServer serve(Workload workload) throws IOException {
        return PeregrineServer.start(new MayBlock());
    }

    @Override
    public Load connect(int port, Workload workload) {
        List<ManagedChannel> channels = PeregrineCalls.channels(port, workload);
        return new ThreadLoad(
                workload, PeregrineCalls.blocking(channels, workload), () -> channels.forEach(ManagedChannel::close));
    }

    private static final class MayBlock implements Echo.Service {

        @Override
        public EchoMessage unaryEcho(EchoMessage request) {
            return request;
        }

        @Override
        public void watchEcho(EchoMessage request, ResponseWriter<EchoMessage> answers) {
            for (int i = 0; i < request.getAnswers(); i++) {
                answers.write(request);
            }
        }

        @Override
        public void chatEcho(RequestReader<EchoMessage> requests, ResponseWriter<EchoMessage> answers) {
            requests.forEach(answers::write);
        }
    }
}
