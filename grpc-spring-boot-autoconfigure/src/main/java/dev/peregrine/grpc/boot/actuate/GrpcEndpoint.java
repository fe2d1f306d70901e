// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.actuate;

import dev.peregrine.grpc.boot.AccessRules;
import dev.peregrine.grpc.boot.actuate.GrpcReport.ClientReport;
import dev.peregrine.grpc.boot.actuate.GrpcReport.ServerReport;
import dev.peregrine.grpc.boot.client.GrpcChannels;
import dev.peregrine.grpc.boot.server.GrpcServers;
import dev.peregrine.grpc.observe.SnapshotPage;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * {@code /actuator/grpc}: the servers and clients of the application as they are now. It tells addresses and names of methods,
 * and nothing of what calls carry. Read-only.
 */
@Endpoint(id = "grpc", defaultAccess = Access.READ_ONLY)
final class GrpcEndpoint {

    /** The runtime gives up on event loops that do not answer after one second. */
    private static final long TIMEOUT_SECONDS = 5;

    private final ObjectProvider<GrpcServers> servers;
    private final ObjectProvider<GrpcChannels> channels;
    private final ObjectProvider<AccessRules> rules;

    GrpcEndpoint(
            ObjectProvider<GrpcServers> servers,
            ObjectProvider<GrpcChannels> channels,
            ObjectProvider<AccessRules> rules) {
        this.servers = servers;
        this.channels = channels;
        this.rules = rules;
    }

    /**
     * Takes the picture.
     *
     * @param connections how many connections of each server and client to show; 100, if not said
     * @param calls how many open calls of each connection to show; 100, if not said
     * @param from the least id of a connection to show; 0, if not said
     */
    @ReadOperation
    GrpcReport grpc(@Nullable Integer connections, @Nullable Integer calls, @Nullable Long from) {
        SnapshotPage usual = SnapshotPage.FIRST;
        SnapshotPage page = new SnapshotPage(
                from == null ? usual.firstConnection() : Math.max(0, from),
                connections == null ? usual.connections() : within(connections),
                calls == null ? usual.callsOfEach() : within(calls));
        return new GrpcReport(servers(page), clients(page));
    }

    private static int within(int wanted) {
        return Math.max(0, Math.min(wanted, SnapshotPage.MOST));
    }

    private Map<String, ServerReport> servers(SnapshotPage page) {
        Map<String, CompletableFuture<ServerReport>> asked = new TreeMap<>();
        AccessRules known = rules.getIfAvailable(() -> method -> null);
        servers.ifAvailable(all -> {
            all.names().forEach(name -> asked.put(name, CompletableFuture.completedFuture(Reports.stopped())));
            all.running().forEach((name, server) -> {
                CompletionStage<ServerReport> report =
                        server.snapshot(page).thenApply(snapshot -> Reports.server(snapshot, server.services(), known));
                asked.put(name, report.toCompletableFuture());
            });
        });
        return joined(asked);
    }

    private Map<String, ClientReport> clients(SnapshotPage page) {
        Map<String, CompletableFuture<ClientReport>> asked = new TreeMap<>();
        channels.stream()
                .forEach(all -> all.open().forEach((name, channel) -> {
                    CompletionStage<ClientReport> report =
                            channel.snapshot(page).thenApply(Reports::client);
                    asked.put(name, report.toCompletableFuture());
                }));
        return joined(asked);
    }

    private static <T> Map<String, T> joined(Map<String, CompletableFuture<T>> asked) {
        Map<String, T> answers = new TreeMap<>();
        asked.forEach((name, answer) -> answers.put(
                name, answer.orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join()));
        return answers;
    }
}
