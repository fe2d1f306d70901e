// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services.channelz;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.channelz.v1.Channelz;
import dev.peregrine.grpc.channelz.v1.GetChannelRequest;
import dev.peregrine.grpc.channelz.v1.GetChannelResponse;
import dev.peregrine.grpc.channelz.v1.GetServerRequest;
import dev.peregrine.grpc.channelz.v1.GetServerResponse;
import dev.peregrine.grpc.channelz.v1.GetServerSocketsRequest;
import dev.peregrine.grpc.channelz.v1.GetServerSocketsResponse;
import dev.peregrine.grpc.channelz.v1.GetServersRequest;
import dev.peregrine.grpc.channelz.v1.GetServersResponse;
import dev.peregrine.grpc.channelz.v1.GetSocketRequest;
import dev.peregrine.grpc.channelz.v1.GetSocketResponse;
import dev.peregrine.grpc.channelz.v1.GetSubchannelRequest;
import dev.peregrine.grpc.channelz.v1.GetSubchannelResponse;
import dev.peregrine.grpc.channelz.v1.GetTopChannelsRequest;
import dev.peregrine.grpc.channelz.v1.GetTopChannelsResponse;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.observe.ChannelSnapshot;
import dev.peregrine.grpc.observe.ConnectionSnapshot;
import dev.peregrine.grpc.observe.ServerSnapshot;
import dev.peregrine.grpc.observe.SnapshotPage;
import dev.peregrine.grpc.observe.TransportSnapshot;
import dev.peregrine.grpc.server.Server;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Answers channelz (gRFC A14) for the servers and channels that it is given. Never blocks.
 *
 * <p>Connections appear as sockets, with what they count; of a channel directly, as it has no subchannels of its own. Events,
 * flow-control windows and options of sockets are not recorded, so that nothing is paid for them while nobody looks.
 */
public final class ChannelzService implements Channelz.AsyncService {

    /** gRFC A14: "a sane default". */
    private static final int USUAL_PAGE = 100;

    private final Supplier<? extends Collection<Server>> servers;
    private final Supplier<? extends Collection<ManagedChannel>> channels;
    private final ListenSockets listenSockets = new ListenSockets();

    /**
     * @param servers asked on each call, from any thread, for the servers that run
     * @param channels asked on each call, from any thread, for the channels that are open
     */
    public ChannelzService(
            Supplier<? extends Collection<Server>> servers, Supplier<? extends Collection<ManagedChannel>> channels) {
        this.servers = servers;
        this.channels = channels;
    }

    // ---- servers ----

    @Override
    public CompletionStage<GetServersResponse> getServers(GetServersRequest request) {
        int most = pageSize(request.getMaxResults());
        return snapshotsOfServers(SnapshotPage.TOTALS).thenApply(all -> {
            Page<ServerSnapshot> page = Page.of(all, ServerSnapshot::id, request.getStartServerId(), most);
            GetServersResponse.Builder answer = GetServersResponse.newBuilder().setEnd(page.isLast());
            page.items().forEach(server -> answer.addServer(Entities.server(server, listenSockets)));
            return answer.build();
        });
    }

    @Override
    public CompletionStage<GetServerResponse> getServer(GetServerRequest request) {
        return server(request.getServerId(), SnapshotPage.TOTALS)
                .thenApply(server -> GetServerResponse.newBuilder()
                        .setServer(Entities.server(server, listenSockets))
                        .build());
    }

    @Override
    public CompletionStage<GetServerSocketsResponse> getServerSockets(GetServerSocketsRequest request) {
        int most = pageSize(request.getMaxResults());
        return sockets(request.getServerId(), new SnapshotPage(Math.max(0, request.getStartSocketId()), most, 0));
    }

    /** A page that is not the last has something on it, for the caller goes on behind what that is. */
    private CompletionStage<GetServerSocketsResponse> sockets(long server, SnapshotPage page) {
        return server(server, page).thenCompose(found -> {
            TransportSnapshot transport = found.transport();
            OptionalLong next = transport.next();
            if (transport.connections().isEmpty() && next.isPresent()) {
                return sockets(server, new SnapshotPage(next.getAsLong(), page.connections(), 0));
            }
            GetServerSocketsResponse.Builder answer =
                    GetServerSocketsResponse.newBuilder().setEnd(next.isEmpty());
            transport.connections().forEach(connection -> answer.addSocketRef(Entities.ref(connection)));
            return CompletableFuture.completedFuture(answer.build());
        });
    }

    private CompletionStage<ServerSnapshot> server(long id, SnapshotPage page) {
        return snapshotsOfServers(page)
                .thenApply(all -> all.stream()
                        .filter(server -> server.id() == id)
                        .findFirst()
                        .orElseThrow(() -> unknown("server", id)));
    }

    private CompletionStage<List<ServerSnapshot>> snapshotsOfServers(SnapshotPage page) {
        return Stages.all(
                servers.get().stream().map(server -> server.snapshot(page)).toList());
    }

    // ---- channels ----

    @Override
    public CompletionStage<GetTopChannelsResponse> getTopChannels(GetTopChannelsRequest request) {
        int most = pageSize(request.getMaxResults());
        return snapshotsOfChannels(socketsOnly()).thenApply(all -> {
            Page<ChannelSnapshot> page = Page.of(all, ChannelSnapshot::id, request.getStartChannelId(), most);
            GetTopChannelsResponse.Builder answer =
                    GetTopChannelsResponse.newBuilder().setEnd(page.isLast());
            page.items().forEach(channel -> answer.addChannel(Entities.channel(channel)));
            return answer.build();
        });
    }

    @Override
    public CompletionStage<GetChannelResponse> getChannel(GetChannelRequest request) {
        long id = request.getChannelId();
        return snapshotsOfChannels(socketsOnly())
                .thenApply(all -> all.stream()
                        .filter(channel -> channel.id() == id)
                        .findFirst()
                        .map(channel -> GetChannelResponse.newBuilder()
                                .setChannel(Entities.channel(channel))
                                .build())
                        .orElseThrow(() -> unknown("channel", id)));
    }

    @Override
    public CompletionStage<GetSubchannelResponse> getSubchannel(GetSubchannelRequest request) {
        throw unknown("subchannel", request.getSubchannelId());
    }

    private static SnapshotPage socketsOnly() {
        return new SnapshotPage(0, USUAL_PAGE, 0);
    }

    private CompletionStage<List<ChannelSnapshot>> snapshotsOfChannels(SnapshotPage page) {
        return Stages.all(
                channels.get().stream().map(channel -> channel.snapshot(page)).toList());
    }

    // ---- sockets ----

    @Override
    public CompletionStage<GetSocketResponse> getSocket(GetSocketRequest request) {
        long id = request.getSocketId();
        SnapshotPage page = new SnapshotPage(Math.max(0, id), 1, 0);
        return snapshotsOfServers(page)
                .thenCombine(
                        snapshotsOfChannels(page),
                        (ofServers, ofChannels) -> find(id, ofServers, ServerSnapshot::transport)
                                .map(connection -> Entities.socket(connection, true))
                                .or(() -> find(id, ofChannels, ChannelSnapshot::transport)
                                        .map(connection -> Entities.socket(connection, false)))
                                .or(() -> listenSockets.find(id))
                                .map(socket -> GetSocketResponse.newBuilder()
                                        .setSocket(socket)
                                        .build())
                                .orElseThrow(() -> unknown("socket", id)));
    }

    private static <T> Optional<ConnectionSnapshot> find(
            long id, List<T> ends, Function<T, TransportSnapshot> transport) {
        return ends.stream()
                .flatMap(end -> transport.apply(end).connections().stream())
                .filter(connection -> connection.id() == id)
                .findFirst();
    }

    // ---- what a caller may ask ----

    private static int pageSize(long wanted) {
        if (wanted < 0) {
            throw Status.of(StatusCode.INVALID_ARGUMENT, "max_results: " + wanted + " (expected: >= 0)")
                    .asException();
        }
        return wanted == 0 ? USUAL_PAGE : (int) Math.min(wanted, SnapshotPage.MOST);
    }

    private static RuntimeException unknown(String what, long id) {
        return Status.of(StatusCode.NOT_FOUND, "there is no " + what + " with the id " + id + ", or not any more")
                .asException();
    }
}
