// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.contender.Lineup;
import dev.peregrine.grpc.benchmarks.contender.Security;
import dev.peregrine.grpc.benchmarks.load.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How children are started: the same class path, flags and cores for every contender.
 *
 * @param java the {@code java} to start
 * @param cores where servers and clients run; empty: wherever the system puts them
 * @param security what is between servers and clients
 */
record Jvms(Path java, Optional<Cores> cores, Security security) {

    /**
     * One collector and one heap for all. Compiler threads must not come and go, or their time could not be told from
     * the rest. Everything else, Netty's leak detection included, stays as it comes.
     */
    static final List<String> FLAGS =
            List.of("-XX:+UseSerialGC", "-Xms512m", "-Xmx512m", "-XX:-UseDynamicNumberOfCompilerThreads");

    Child server(Lineup contender, Workload workload) throws IOException {
        List<String> command = java(ServerMain.class, contender.id(), workload.encode());
        return Child.start(
                "server " + contender.id(),
                cores.map(found -> Cores.pinned(found.server(), command)).orElse(command));
    }

    Child client(Lineup contender, int port, Workload workload) throws IOException {
        List<String> command = java(ClientMain.class, contender.id(), Integer.toString(port), workload.encode());
        return Child.start("client " + contender.id(), onClientCore(command));
    }

    List<String> onClientCore(List<String> command) {
        return cores.map(found -> Cores.pinned(found.client(), command)).orElse(command);
    }

    private List<String> java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(FLAGS);
        command.addAll(security.flags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(Arrays.asList(arguments));
        return command;
    }
}
