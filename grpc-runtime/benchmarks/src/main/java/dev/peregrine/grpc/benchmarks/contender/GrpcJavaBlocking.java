// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import dev.peregrine.grpc.benchmarks.load.Load;
import dev.peregrine.grpc.benchmarks.load.ThreadLoad;
import dev.peregrine.grpc.benchmarks.load.Workload;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/** grpc-java as it comes, with the blocking stub: what most applications run, and the pair of this runtime's defaults. */
final class GrpcJavaBlocking implements Contender {

    @Override
    public EchoServer serve(Workload workload) throws IOException {
        return GrpcJavaServer.start(GrpcJavaServer.onLoopback());
    }

    @Override
    public Load connect(int port, Workload workload) {
        List<ManagedChannel> channels = GrpcJavaCalls.channels(port, workload, UnaryOperator.identity());
        return new ThreadLoad(
                workload, GrpcJavaCalls.blocking(channels, workload), () -> channels.forEach(GrpcJavaServer::close));
    }
}
