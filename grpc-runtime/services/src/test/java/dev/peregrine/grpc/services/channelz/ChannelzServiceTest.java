// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services.channelz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.channelz.v1.Channel;
import dev.peregrine.grpc.channelz.v1.ChannelConnectivityState.State;
import dev.peregrine.grpc.channelz.v1.Channelz;
import dev.peregrine.grpc.channelz.v1.GetChannelRequest;
import dev.peregrine.grpc.channelz.v1.GetServerRequest;
import dev.peregrine.grpc.channelz.v1.GetServerSocketsRequest;
import dev.peregrine.grpc.channelz.v1.GetServerSocketsResponse;
import dev.peregrine.grpc.channelz.v1.GetServersRequest;
import dev.peregrine.grpc.channelz.v1.GetServersResponse;
import dev.peregrine.grpc.channelz.v1.GetSocketRequest;
import dev.peregrine.grpc.channelz.v1.GetSubchannelRequest;
import dev.peregrine.grpc.channelz.v1.GetTopChannelsRequest;
import dev.peregrine.grpc.channelz.v1.Socket;
import dev.peregrine.grpc.channelz.v1.SocketRef;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** gRFC A14, over a socket, about the very server and channel that carry the questions. */
@Timeout(60)
class ChannelzServiceTest {

    private final List<Server> servers = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final ChannelzService service = new ChannelzService(() -> servers, () -> channels);
    private Channelz.Client client;

    @BeforeEach
    void serve() throws Exception {
        servers.add(start());
        channels.add(open());
        client = Channelz.Client.create(channels.get(0)).withDeadlineAfter(Duration.ofSeconds(30));
    }

    private Server start() throws Exception {
        return Server.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .service(service)
                .start();
    }

    private ManagedChannel open() {
        return ManagedChannel.builder("127.0.0.1:" + servers.get(0).port()).build();
    }

    @AfterEach
    void stop() {
        channels.forEach(ManagedChannel::close);
        servers.forEach(Server::close);
    }

    @Test
    void serversAreListedWithWhatTheyCount() {
        servers();

        GetServersResponse answer = servers();

        assertThat(answer.getEnd()).isTrue();
        assertThat(answer.getServerList()).singleElement().satisfies(server -> {
            assertThat(server.getData().getCallsStarted()).isEqualTo(2);
            assertThat(server.getData().getCallsSucceeded()).isEqualTo(1);
            assertThat(server.getListenSocketList())
                    .extracting(SocketRef::getName)
                    .containsExactly("127.0.0.1:" + servers.get(0).port());
        });
        assertThat(client.getServer(GetServerRequest.newBuilder()
                                .setServerId(answer.getServer(0).getRef().getServerId())
                                .build())
                        .getServer()
                        .getRef())
                .isEqualTo(answer.getServer(0).getRef());
    }

    @Test
    void listsComePageByPage() throws Exception {
        servers.add(start());

        GetServersResponse first = client.getServers(
                GetServersRequest.newBuilder().setMaxResults(1).build());
        GetServersResponse second = client.getServers(GetServersRequest.newBuilder()
                .setStartServerId(first.getServer(0).getRef().getServerId() + 1)
                .setMaxResults(1)
                .build());

        assertThat(first.getEnd()).isFalse();
        assertThat(second.getEnd()).isTrue();
        assertThat(second.getServer(0)).isNotEqualTo(first.getServer(0));
    }

    @Test
    void socketsOfAServerComePageByPage() {
        ManagedChannel another = open();
        channels.add(another);
        Channelz.Client.create(another).getServers(GetServersRequest.getDefaultInstance());
        long server = servers().getServer(0).getRef().getServerId();
        GetServerSocketsRequest request = GetServerSocketsRequest.newBuilder()
                .setServerId(server)
                .setMaxResults(1)
                .build();

        GetServerSocketsResponse first = client.getServerSockets(request);
        GetServerSocketsResponse second = client.getServerSockets(request.toBuilder()
                .setStartSocketId(first.getSocketRef(0).getSocketId() + 1)
                .build());

        assertThat(first.getSocketRefList()).hasSize(1);
        assertThat(first.getEnd()).isFalse();
        assertThat(second.getSocketRefList()).hasSize(1).doesNotContainAnyElementsOf(first.getSocketRefList());
        assertThat(second.getEnd()).isTrue();
    }

    @Test
    void aSocketOfAServerTellsItsAddressesAndCounts() {
        long server = servers().getServer(0).getRef().getServerId();
        SocketRef ref = client.getServerSockets(
                        GetServerSocketsRequest.newBuilder().setServerId(server).build())
                .getSocketRef(0);

        Socket socket = socket(ref);

        assertThat(socket.getRef()).isEqualTo(ref);
        assertThat(socket.getLocal().getTcpipAddress().getPort())
                .isEqualTo(servers.get(0).port());
        assertThat(socket.getRemote().getTcpipAddress().getIpAddress().toByteArray())
                .containsExactly(127, 0, 0, 1);
        assertThat(socket.getData().getStreamsStarted()).isEqualTo(3);
        assertThat(socket.getData().getStreamsSucceeded()).isEqualTo(2);
        assertThat(socket.getData().getMessagesReceived()).isEqualTo(3);
        assertThat(socket.getData().getMessagesSent()).isEqualTo(2);
        assertThat(socket.getData().hasLastRemoteStreamCreatedTimestamp()).isTrue();
        assertThat(socket.hasSecurity()).isFalse();
    }

    @Test
    void whereAServerListensIsASocketWithoutAnOtherEnd() {
        SocketRef ref = servers().getServer(0).getListenSocket(0);

        Socket socket = socket(ref);

        assertThat(socket.getLocal().getTcpipAddress().getPort())
                .isEqualTo(servers.get(0).port());
        assertThat(socket.hasRemote()).isFalse();
    }

    @Test
    void channelsAreListedWithTheirStateAndTheirSocket() {
        Channel channel = client.getTopChannels(GetTopChannelsRequest.getDefaultInstance())
                .getChannel(0);

        assertThat(channel.getData().getTarget())
                .contains("127.0.0.1:" + servers.get(0).port());
        assertThat(channel.getData().getState().getState()).isEqualTo(State.READY);
        assertThat(channel.getData().getCallsStarted()).isOne();
        Socket socket = socket(channel.getSocketRef(0));
        assertThat(socket.getRemote().getTcpipAddress().getPort())
                .isEqualTo(servers.get(0).port());
        assertThat(client.getChannel(GetChannelRequest.newBuilder()
                                .setChannelId(channel.getRef().getChannelId())
                                .build())
                        .getChannel()
                        .getRef())
                .isEqualTo(channel.getRef());
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        assertThat(codeOf(() -> client.getServer(
                        GetServerRequest.newBuilder().setServerId(-1).build())))
                .isEqualTo(StatusCode.NOT_FOUND);
        assertThat(codeOf(() -> client.getChannel(GetChannelRequest.getDefaultInstance())))
                .isEqualTo(StatusCode.NOT_FOUND);
        assertThat(codeOf(() -> client.getSubchannel(GetSubchannelRequest.getDefaultInstance())))
                .isEqualTo(StatusCode.NOT_FOUND);
        assertThat(codeOf(() -> client.getSocket(
                        GetSocketRequest.newBuilder().setSocketId(-1).build())))
                .isEqualTo(StatusCode.NOT_FOUND);
    }

    @Test
    void aNegativePageIsRefused() {
        assertThat(codeOf(() -> client.getServers(
                        GetServersRequest.newBuilder().setMaxResults(-1).build())))
                .isEqualTo(StatusCode.INVALID_ARGUMENT);
    }

    private GetServersResponse servers() {
        return client.getServers(GetServersRequest.getDefaultInstance());
    }

    private Socket socket(SocketRef ref) {
        return client.getSocket(GetSocketRequest.newBuilder()
                        .setSocketId(ref.getSocketId())
                        .build())
                .getSocket();
    }

    private static StatusCode codeOf(Runnable call) {
        return assertThatExceptionOfType(StatusException.class)
                .isThrownBy(call::run)
                .actual()
                .status()
                .code();
    }
}
