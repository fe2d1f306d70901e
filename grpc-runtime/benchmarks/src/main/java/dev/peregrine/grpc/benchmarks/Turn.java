// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.EchoClient.Ran;
import dev.peregrine.grpc.benchmarks.contender.Lineup;
import dev.peregrine.grpc.benchmarks.meter.Counters;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One contender's turn in a round: a fresh server and a fresh client, warmed up, then measured. */
record Turn(Lineup contender, Options options, Jvms jvms) {

    /** Under the contender's own client. */
    Sample own() throws IOException, InterruptedException {
        try (Child server = jvms.server(contender, options.workload())) {
            int port = Integer.parseInt(server.greeting());
            try (Child child = jvms.client(contender, port, options.workload())) {
                child.greeting();
                return measure(server, new OwnClient(child));
            }
        }
    }

    /** Under h2load. */
    Sample foreign() throws IOException, InterruptedException {
        try (Child server = jvms.server(contender, options.workload())) {
            int port = Integer.parseInt(server.greeting());
            try (EchoClient client = H2load.to(port, options.workload(), jvms::onClientCore)) {
                return measure(server, client);
            }
        }
    }

    private Sample measure(Child server, EchoClient client) throws IOException, InterruptedException {
        client.run(options.warmUp());
        Counters serverBefore = mark(server);
        Counters clientBefore = client.mark();
        Ran ran = client.run(options.measured());
        Counters clientAfter = client.mark();
        Counters serverAfter = mark(server);
        @Nullable
        Counters clientUsed = clientBefore == null || clientAfter == null ? null : clientAfter.since(clientBefore);
        return new Sample(ran.calls(), ran.nanos(), serverAfter.since(serverBefore), clientUsed);
    }

    private static Counters mark(Child server) throws InterruptedException {
        return Counters.parse(server.ask("mark", "mark"));
    }
}
