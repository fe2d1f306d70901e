// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.contender.Contender.EchoServer;
import dev.peregrine.grpc.benchmarks.contender.Lineup;
import dev.peregrine.grpc.benchmarks.load.Workload;

/**
 * The server's JVM: {@code ServerMain <contender> <workload>}. It greets with {@code ready <port>} and serves until told to stop.
 */
public final class ServerMain {

    private ServerMain() {}

    public static void main(String[] arguments) throws Exception {
        try (EchoServer server = Lineup.byId(arguments[0]).create().serve(Workload.parse(arguments[1]))) {
            ControlLine.obey("ready " + server.port(), command -> {
                throw new IllegalArgumentException("server command: " + command + " (expected: mark or stop)");
            });
        }
        System.exit(0);
    }
}
