// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** All contenders, in the order of their turns. */
public enum Lineup {
    PEREGRINE_EVENT_LOOP("Peregrine, `@NonBlocking` service", "async client", PeregrineEventLoop::new),
    GRPC_JAVA_DIRECT("grpc-java, direct executor", "async stub", GrpcJavaDirect::new),
    PEREGRINE_BLOCKING("Peregrine, defaults", "blocking client", PeregrineBlocking::new),
    GRPC_JAVA_BLOCKING("grpc-java, defaults", "blocking stub", GrpcJavaBlocking::new),
    GRPC_JAVA_DEFAULT("grpc-java, defaults", "async stub", GrpcJavaDefault::new);

    /** What a report calls the server; Markdown. */
    public final String server;

    /** What a report calls the client. */
    public final String client;

    private final Supplier<Contender> contender;

    Lineup(String server, String client, Supplier<Contender> contender) {
        this.server = server;
        this.client = client;
        this.contender = contender;
    }

    /** The name on command lines, such as {@code peregrine-event-loop}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Contender create() {
        return contender.get();
    }

    /** Whether its server is another one's too, so that there is nothing new to see under a foreign client. */
    public boolean sharesServer() {
        return this == GRPC_JAVA_BLOCKING;
    }

    /**
     * @throws IllegalArgumentException if no contender is called so; the message names all
     */
    public static Lineup byId(String id) {
        return Arrays.stream(values())
                .filter(contender -> contender.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("contender: " + id + " (expected one of: "
                        + Arrays.stream(values()).map(Lineup::id).collect(Collectors.joining(", ")) + ")"));
    }
}
