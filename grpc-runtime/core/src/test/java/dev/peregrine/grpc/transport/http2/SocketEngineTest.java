// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.stub.ClientCalls;
import dev.peregrine.grpc.testkit.LoopbackPorts;
import dev.peregrine.grpc.transport.SocketEngine;
import dev.peregrine.grpc.transport.SocketOptions;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What sockets are made of: which engine is taken, and that calls do not notice. */
@Timeout(60)
@Isolated("sets a system property")
class SocketEngineTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final List<ManagedChannel> channels = new ArrayList<>();

    @AfterEach
    void tidyUp() {
        System.clearProperty(EventLoops.PROPERTY);
        channels.forEach(ManagedChannel::close);
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void callsAreCarriedByEveryEngineThatWorksHere(SocketEngine engine) {
        Engines.assumeWorks(engine);
        server.builder().socketEngine(engine);
        ManagedChannel channel = open(
                ManagedChannel.builder("127.0.0.1:" + server.server().port()).socketEngine(engine));
        String large = "x".repeat(1 << 20); // Larger than what a socket takes at once.

        assertThat(unary(channel, "hi")).isEqualTo("re: hi");
        assertThat(unary(channel, large)).isEqualTo("re: " + large);
        List<String> watched = new ArrayList<>();
        try (var replies = ClientCalls.serverStreaming(channel, Texts.WATCH, CallOptions.DEFAULT, "hi")) {
            replies.forEach(watched::add);
        }
        assertThat(watched).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void theTwoEndsNeedNotBeMadeOfTheSame(SocketEngine engine) {
        Engines.assumeWorks(engine);
        server.builder().socketEngine(SocketEngine.NIO);
        ManagedChannel channel = open(
                ManagedChannel.builder("127.0.0.1:" + server.server().port()).socketEngine(engine));

        assertThat(unary(channel, "hi")).isEqualTo("re: hi");
    }

    /** Also over NIO, which lets go of a socket later than it says. */
    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void whenAServerHasShutDownAnotherMayListenThereAtOnce(SocketEngine engine) throws Exception {
        Engines.assumeWorks(engine);
        int port = LoopbackPorts.lasting();
        for (int i = 0; i < 200; i++) {
            Server next = Server.builder()
                    .socketEngine(engine)
                    .address("127.0.0.1", port)
                    .service(server.definition())
                    .start();
            next.shutdown(Duration.ZERO).toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    /** The whole suite runs on what is chosen here. */
    @Test
    void byDefaultTheNativeEngineIsTakenWhereItWorksElseNio() {
        SocketEngine expected = Engines.works(SocketEngine.EPOLL)
                ? SocketEngine.EPOLL
                : Engines.works(SocketEngine.KQUEUE) ? SocketEngine.KQUEUE : SocketEngine.NIO;

        assertThat(chosen(null)).isEqualTo(expected);
        System.setProperty(EventLoops.PROPERTY, "auto");
        assertThat(chosen(null)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void theSystemPropertyChooses(SocketEngine engine) {
        Engines.assumeWorks(engine);
        System.setProperty(EventLoops.PROPERTY, engine.toString().toUpperCase(Locale.ROOT));

        assertThat(chosen(null)).isEqualTo(engine);
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void theBuildersChoiceGoesBeforeTheSystemProperty(SocketEngine engine) {
        Engines.assumeWorks(engine);
        System.setProperty(EventLoops.PROPERTY, "kqueue");

        assertThat(chosen(engine)).isEqualTo(engine);
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void aChoiceThatDoesNotWorkHereFailsWithTheReason(SocketEngine engine) {
        Assumptions.assumeFalse(Engines.works(engine), engine + " works here");

        assertThatIllegalStateException()
                .isThrownBy(() -> server.builder()
                        .socketEngine(engine)
                        .service(server.definition())
                        .start())
                .withMessageMatching("sockets of " + engine + " were asked for, but do not work here: .+;"
                        + " leave the choice out to get the best that works");
        System.setProperty(EventLoops.PROPERTY, engine.toString());
        assertThatIllegalStateException()
                .isThrownBy(() -> ManagedChannel.builder("127.0.0.1:1").build())
                .withMessageMatching("sockets of " + engine + " were asked for \\(-Dperegrine.transport=" + engine
                        + "\\), but do not work here: .+");
    }

    @Test
    void aChoiceThatIsUnknownFailsWithThoseThereAre() {
        System.setProperty(EventLoops.PROPERTY, "aio");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ManagedChannel.builder("127.0.0.1:1").build())
                .withMessage("sockets 'aio' are not known (expected: epoll, kqueue, io_uring, nio)");
    }

    @Test
    void theReasonWhyAnEngineDoesNotWorkIsTheInnermostOneInPlainWords() {
        assertThat(EventLoops.reason(new NoClassDefFoundError("io/netty/channel/epoll/Epoll")))
                .isEqualTo("Netty's classes for it are not on the class path");
        assertThat(EventLoops.reason(new IllegalStateException("no loop", new RuntimeException("no memory"))))
                .isEqualTo("no memory");
    }

    @Test
    void theLoopsOfAnEngineAreSharedUntilTheLastUserIsGone() {
        awaitNoUser();
        EventLoops first = EventLoops.acquire(SocketEngine.NIO);
        EventLoops second = EventLoops.acquire(SocketEngine.NIO);
        assertThat(second).isSameAs(first);

        EventLoops.release(first);
        assertThat(first.group().isShuttingDown()).isFalse();
        EventLoops.release(second);
        assertThat(first.group().isShuttingDown()).isTrue();
    }

    /** What earlier tests have closed may take a moment to let go of the loops. */
    private static void awaitNoUser() {
        EventLoops probe;
        do {
            assertThat(Thread.interrupted()).as("the test's time is up").isFalse();
            probe = EventLoops.acquire(SocketEngine.NIO);
            EventLoops.release(probe);
        } while (!probe.group().isShuttingDown());
    }

    // ---- TCP_USER_TIMEOUT (gRFC A18) ----

    @ParameterizedTest
    @EnumSource(
            value = SocketEngine.class,
            names = {"EPOLL", "IO_URING"})
    void unacknowledgedBytesAreGivenUpAfterTheUserTimeoutWhereTheKernelHasOne(SocketEngine engine) {
        Engines.assumeWorks(engine);
        SocketOptions twentySeconds = SocketOptions.DEFAULT.withUserTimeout(Duration.ofSeconds(20));

        assertThat(userTimeoutOf(engine, twentySeconds)).isEqualTo(20_000);
        assertThat(userTimeoutOf(engine, SocketOptions.DEFAULT)).isZero();
    }

    @Test
    void whereThereIsNoUserTimeoutItIsIgnored() {
        Sockets nio = Sockets.of(SocketEngine.NIO);
        List<ChannelOption<?>> set = new ArrayList<>();
        nio.setTcp(SocketOptions.DEFAULT.withUserTimeout(Duration.ofSeconds(20)), new Sockets.Setter() {
            @Override
            public <T> void set(ChannelOption<T> option, T value) {
                set.add(option);
            }
        });

        assertThat(set).containsExactly(ChannelOption.TCP_NODELAY, ChannelOption.SO_KEEPALIVE);
    }

    private int userTimeoutOf(SocketEngine engine, SocketOptions options) {
        EventLoops loops = EventLoops.acquire(engine);
        try {
            Bootstrap bootstrap = new Bootstrap()
                    .group(loops.group())
                    .channelFactory(loops.sockets().tcp());
            loops.sockets().setTcp(options, bootstrap::option);
            Channel channel = bootstrap
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(new InetSocketAddress("127.0.0.1", server.server().port()))
                    .syncUninterruptibly()
                    .channel();
            int millis = channel.config().getOption(loops.sockets().userTimeout());
            channel.close().syncUninterruptibly();
            return millis;
        } finally {
            EventLoops.release(loops);
        }
    }

    private static SocketEngine chosen(SocketEngine wanted) {
        EventLoops loops = EventLoops.acquire(wanted);
        EventLoops.release(loops);
        return loops.sockets().engine();
    }

    private ManagedChannel open(ManagedChannel.Builder builder) {
        ManagedChannel channel = builder.build();
        channels.add(channel);
        return channel;
    }

    private static String unary(ManagedChannel channel, String text) {
        return ClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, text);
    }
}
