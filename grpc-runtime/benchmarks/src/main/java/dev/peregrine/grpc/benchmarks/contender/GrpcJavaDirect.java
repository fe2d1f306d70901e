// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import dev.peregrine.grpc.benchmarks.load.CallbackLoad;
import dev.peregrine.grpc.benchmarks.load.Load;
import dev.peregrine.grpc.benchmarks.load.Workload;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.util.List;

/** grpc-java at its fastest: handlers and callbacks on the event loop. */
final class GrpcJavaDirect implements Contender {

    @Override
    public EchoServer serve(Workload workload) throws IOException {
        return GrpcJavaServer.start(GrpcJavaServer.onLoopback().directExecutor());
    }

    @Override
    public Load connect(int port, Workload workload) {
        List<ManagedChannel> channels = GrpcJavaCalls.channels(port, workload, NettyChannelBuilder::directExecutor);
        return new CallbackLoad(
                workload, GrpcJavaCalls.async(channels, workload), () -> channels.forEach(GrpcJavaServer::close));
    }
}
