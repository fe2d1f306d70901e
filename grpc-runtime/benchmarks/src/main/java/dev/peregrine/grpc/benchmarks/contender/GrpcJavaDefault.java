// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import dev.peregrine.grpc.benchmarks.load.CallbackLoad;
import dev.peregrine.grpc.benchmarks.load.Load;
import dev.peregrine.grpc.benchmarks.load.Workload;
import io.grpc.ManagedChannel;
import java.io.IOException;

/** grpc-java as it comes, its shared cached thread pool on both sides, with the asynchronous stub. */
final class GrpcJavaDefault implements Contender {

    @Override
    public EchoServer serve() throws IOException {
        return GrpcJavaServer.start(GrpcJavaServer.onLoopback());
    }

    @Override
    public Load connect(int port, Workload workload) {
        ManagedChannel channel = GrpcJavaServer.channelTo(port).build();
        return new CallbackLoad(
                workload, GrpcJava.asyncEcho(channel, workload.request()), () -> GrpcJavaServer.close(channel));
    }
}
