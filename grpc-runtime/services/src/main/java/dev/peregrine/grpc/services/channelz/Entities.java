// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services.channelz;

import com.google.protobuf.Timestamp;
import dev.peregrine.grpc.channelz.v1.Channel;
import dev.peregrine.grpc.channelz.v1.ChannelConnectivityState;
import dev.peregrine.grpc.channelz.v1.ChannelData;
import dev.peregrine.grpc.channelz.v1.ChannelRef;
import dev.peregrine.grpc.channelz.v1.Security;
import dev.peregrine.grpc.channelz.v1.Server;
import dev.peregrine.grpc.channelz.v1.ServerData;
import dev.peregrine.grpc.channelz.v1.ServerRef;
import dev.peregrine.grpc.channelz.v1.Socket;
import dev.peregrine.grpc.channelz.v1.SocketData;
import dev.peregrine.grpc.channelz.v1.SocketRef;
import dev.peregrine.grpc.observe.CallCounts;
import dev.peregrine.grpc.observe.ChannelSnapshot;
import dev.peregrine.grpc.observe.ConnectionSnapshot;
import dev.peregrine.grpc.observe.ServerSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;

/** What the runtime tells, in the words of channelz. */
final class Entities {

    private Entities() {}

    static Server server(ServerSnapshot server, ListenSockets listenSockets) {
        CallCounts calls = server.transport().calls();
        return Server.newBuilder()
                .setRef(ServerRef.newBuilder()
                        .setServerId(server.id())
                        .setName(
                                server.addresses().stream().map(Addresses::text).collect(Collectors.joining(", "))))
                .setData(ServerData.newBuilder()
                        .setCallsStarted(calls.started())
                        .setCallsSucceeded(calls.succeeded())
                        .setCallsFailed(calls.failed()))
                .addAllListenSocket(listenSockets.of(server))
                .build();
    }

    static Channel channel(ChannelSnapshot channel) {
        CallCounts calls = channel.transport().calls();
        Channel.Builder message = Channel.newBuilder()
                .setRef(ChannelRef.newBuilder().setChannelId(channel.id()).setName(channel.target()))
                .setData(ChannelData.newBuilder()
                        .setState(ChannelConnectivityState.newBuilder()
                                .setState(ChannelConnectivityState.State.valueOf(channel.state())))
                        .setTarget(channel.target())
                        .setCallsStarted(calls.started())
                        .setCallsSucceeded(calls.succeeded())
                        .setCallsFailed(calls.failed()));
        channel.transport().connections().forEach(connection -> message.addSocketRef(ref(connection)));
        return message.build();
    }

    static SocketRef ref(ConnectionSnapshot connection) {
        return SocketRef.newBuilder()
                .setSocketId(connection.id())
                .setName(Addresses.text(connection.peer().remote()))
                .build();
    }

    /**
     * @param server whether this is the server's end, whose streams the other end creates
     */
    static Socket socket(ConnectionSnapshot connection, boolean server) {
        Socket.Builder socket = Socket.newBuilder()
                .setRef(ref(connection))
                .setData(data(connection, server))
                .setLocal(Addresses.message(connection.peer().local()))
                .setRemote(Addresses.message(connection.peer().remote()));
        String cipher = connection.peer().tlsCipher();
        if (cipher != null) {
            socket.setSecurity(
                    Security.newBuilder().setTls(Security.Tls.newBuilder().setStandardName(cipher)));
        }
        return socket.build();
    }

    private static SocketData data(ConnectionSnapshot connection, boolean server) {
        SocketData.Builder data = SocketData.newBuilder()
                .setStreamsStarted(connection.calls().started())
                .setStreamsSucceeded(connection.calls().succeeded())
                .setStreamsFailed(connection.calls().failed())
                .setMessagesSent(connection.messagesSent())
                .setMessagesReceived(connection.messagesReceived())
                .setKeepAlivesSent(connection.keepAlivesSent());
        Duration sinceLast = connection.sinceLastCall();
        if (sinceLast != null && server) {
            data.setLastRemoteStreamCreatedTimestamp(ago(sinceLast));
        }
        return data.build();
    }

    private static Timestamp ago(Duration age) {
        Instant then = Instant.now().minus(age);
        return Timestamp.newBuilder()
                .setSeconds(then.getEpochSecond())
                .setNanos(then.getNano())
                .build();
    }
}
