// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import dev.peregrine.grpc.benchmarks.load.Load;
import dev.peregrine.grpc.benchmarks.load.ThreadLoad;
import dev.peregrine.grpc.benchmarks.load.Workload;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import io.grpc.ManagedChannel;
import java.io.IOException;

/** grpc-java as it comes, with the blocking stub: what most applications run, and the pair of this runtime's defaults. */
final class GrpcJavaBlocking implements Contender {

    @Override
    public EchoServer serve() throws IOException {
        return GrpcJavaServer.start(GrpcJavaServer.onLoopback());
    }

    @Override
    public Load connect(int port, Workload workload) {
        ManagedChannel channel = GrpcJavaServer.channelTo(port).build();
        EchoMessage request = workload.request();
        return new ThreadLoad(workload, () -> GrpcJava.echo(channel, request), () -> GrpcJavaServer.close(channel));
    }
}
