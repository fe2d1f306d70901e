// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A script against somebody who was not written together with it: Netty's own HTTP/2 server. */
class ForeignPeerTest {

    private static final MultiThreadIoEventLoopGroup LOOP =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private static int port;

    @RegisterExtension
    final Peers peers = new Peers();

    @BeforeAll
    static void start() {
        Channel server = new ServerBootstrap()
                .group(LOOP)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connection
                                .pipeline()
                                .addLast(Http2FrameCodecBuilder.forServer().build())
                                .addLast(new Http2MultiplexHandler(new Echo()));
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        port = ((InetSocketAddress) server.localAddress()).getPort();
    }

    @AfterAll
    static void stop() {
        LOOP.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    @Test
    void aLawfulCallIsAnswered() {
        ScriptedPeer peer = peers.connectTo(port).handshake();
        peer.send(
                GrpcFrames.request(1, "/echo").withContinuations(2).withPadding(5),
                new Frame.Data(1, GrpcFrames.message((byte) 7), true, 9));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.headers()).isEqualTo(GrpcFrames.responseHeaders());
        assertThat(response.onlyMessage()).isEqualTo(Octets.hex("07"));
        assertThat(response.status()).isZero();
    }

    @Test
    void manyCallsShareOneConnection() {
        ScriptedPeer peer = peers.connectTo(port).handshake(new Frame.Settings().with(Setting.HEADER_TABLE_SIZE, 128));
        for (int streamId = 1; streamId < 200; streamId += 2) {
            peer.send(GrpcFrames.request(streamId, "/echo"), GrpcFrames.lastData(streamId, new byte[1000]));

            assertThat(GrpcResponse.collect(peer, streamId).onlyMessage().length())
                    .isEqualTo(1000);
        }
    }

    @Test
    void aLawlessFrameIsAnsweredWithGoAwayAndTheEnd() {
        ScriptedPeer peer = peers.connectTo(port).handshake();
        peer.sendRaw(new Frame.Raw(FrameType.PING, 0, 0, Octets.zeros(7)).octets());

        peer.expectGoAway(ErrorCode.FRAME_SIZE_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void dataOnAStreamNeverOpenedIsAProtocolError() {
        ScriptedPeer peer = peers.connectTo(port).handshake();
        peer.send(GrpcFrames.endOfMessages(1));

        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void withoutAPrefaceThereIsNoConversation() {
        ScriptedPeer peer = peers.connectTo(port);
        peer.sendRaw(Octets.latin1("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));

        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
        peer.expectClosed();
    }

    /** Answers every DATA with itself, and END_STREAM with status 0. */
    @Sharable
    private static final class Echo extends SimpleChannelInboundHandler<Http2StreamFrame> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, Http2StreamFrame frame) {
            if (!(frame instanceof Http2DataFrame data)) {
                context.write(new DefaultHttp2HeadersFrame(
                        new DefaultHttp2Headers().status("200").add("content-type", "application/grpc")));
                return;
            }
            context.write(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(data.content())));
            if (data.isEndStream()) {
                context.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().add("grpc-status", "0"), true));
            }
            context.flush();
        }
    }
}
