// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** All contenders, in the order of their turns. */
public enum Lineup {
    PEREGRINE_EVENT_LOOP("Peregrine, event loop: `@NonBlocking` service, async client", PeregrineEventLoop::new),
    GRPC_JAVA_DIRECT("grpc-java, direct executor: async stub", GrpcJavaDirect::new),
    PEREGRINE_BLOCKING("Peregrine, defaults: blocking service, blocking client", PeregrineBlocking::new),
    GRPC_JAVA_BLOCKING("grpc-java, defaults: default executor, blocking stub", GrpcJavaBlocking::new),
    GRPC_JAVA_DEFAULT("grpc-java, defaults: default executor, async stub", GrpcJavaDefault::new);

    /** What the report says it is; Markdown. */
    public final String description;

    private final Supplier<Contender> contender;

    Lineup(String description, Supplier<Contender> contender) {
        this.description = description;
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
