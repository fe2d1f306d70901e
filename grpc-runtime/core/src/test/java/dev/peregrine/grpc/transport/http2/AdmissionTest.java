// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.FakeTicker;
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.transport.RareWarning;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The count of connections, and the gate that goes by it. */
@Timeout(60)
class AdmissionTest {

    private static final Limits LIMITS = Limits.DEFAULT.withMaxConnections(3).withMaxConnectionsPerAddress(2);

    private final Admission admission = new Admission(LIMITS, false);

    @Test
    void aRefusalNamesTheLimitThatIsReached() {
        assertThat(admission.accepted(socket("10.0.0.1"))).isNull();
        assertThat(admission.accepted(socket("10.0.0.1"))).isNull();
        assertThat(admission.accepted(socket("10.0.0.1")))
                .isEqualTo("10.0.0.1 has 2 connections, as many as maxConnectionsPerAddress allows");
        assertThat(admission.accepted(socket("10.0.0.2"))).isNull();
        assertThat(admission.accepted(socket("10.0.0.2")))
                .isEqualTo("the server has 3 connections, as many as maxConnections allows");
    }

    @Test
    void whoIsRefusedTakesNoPlace() {
        Socket first = socket("10.0.0.1");
        admission.accepted(first);
        admission.accepted(socket("10.0.0.1"));
        for (int i = 0; i < 10; i++) {
            assertThat(admission.accepted(socket("10.0.0.1"))).isNotNull();
        }
        assertThat(admission.open()).isEqualTo(2);

        first.close();
        assertThat(admission.accepted(socket("10.0.0.1"))).isNull();
    }

    @Test
    void nothingIsKeptOfAnAddressWithoutConnections() {
        Socket first = socket("10.0.0.1");
        admission.accepted(first);
        assertThat(admission.addresses()).isEqualTo(1);

        first.close();
        assertThat(admission.addresses()).isZero();
        assertThat(admission.open()).isZero();
    }

    @Test
    void behindProxiesTheAddressThatIsToldCounts() {
        Admission behind = new Admission(LIMITS, true);
        Socket first = socket("10.0.0.1");
        Socket second = socket("10.0.0.1");
        Socket third = socket("10.0.0.1");
        assertThat(behind.accepted(first)).isNull();
        assertThat(behind.accepted(second)).isNull();
        assertThat(behind.accepted(third)).isNull();

        SocketAddress client = new InetSocketAddress("192.0.2.7", 1);
        assertThat(behind.told(first, client)).isNull();
        assertThat(behind.told(second, client)).isNull();
        assertThat(behind.told(third, client))
                .isEqualTo("192.0.2.7 has 2 connections, as many as maxConnectionsPerAddress allows");
        first.close();
        assertThat(behind.told(third, client)).isNull();
    }

    /** Whoever has a network has 2^64 addresses. */
    @Test
    void addressesOfOneNetworkCountTogetherInIpv6() {
        Socket first = socket("2001:db8::1");
        assertThat(admission.accepted(first)).isNull();
        assertThat(admission.accepted(socket("2001:db8::2"))).isNull();
        assertThat(admission.accepted(socket("2001:db8::ffff:0:0:3")))
                .isEqualTo("the network 2001:db8:0:0:0:0:0:0/64 has 2 connections, as many as maxConnectionsPerAddress"
                        + " allows");
        assertThat(admission.accepted(socket("2001:db8:0:1::1"))).isNull();
        assertThat(admission.addresses()).isEqualTo(2);

        first.close();
        assertThat(admission.accepted(socket("2001:db8::4"))).isNull();
    }

    @Test
    void addressesOfOneLinkCountEachForItself() {
        Admission two = new Admission(LIMITS.withMaxConnections(10), false);
        for (int host = 1; host <= 4; host++) {
            assertThat(two.accepted(socket("fe80::" + host))).isNull();
        }
        assertThat(two.accepted(socket("fe80::1"))).isNull();
        assertThat(two.accepted(socket("fe80::1"))).contains("fe80:0:0:0:0:0:0:1 has 2 connections");
    }

    @Test
    void theCountsAreExactUnderARace() throws Exception {
        Admission raced = new Admission(Limits.DEFAULT.withMaxConnections(50).withMaxConnectionsPerAddress(20), false);
        int threads = 8;
        List<Socket> placed = Collections.synchronizedList(new ArrayList<>());
        AtomicBoolean overfull = new AtomicBoolean();
        CountDownLatch done = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            String address = "10.0.0." + t % 4;
            new Thread(() -> {
                        for (int i = 0; i < 500; i++) {
                            Socket socket = socket(address);
                            if (raced.accepted(socket) == null) {
                                if (i % 3 == 0 && i < 450) {
                                    socket.close();
                                } else {
                                    placed.add(socket);
                                }
                            }
                            overfull.compareAndSet(false, raced.open() > 50);
                        }
                        done.countDown();
                    })
                    .start();
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(overfull).isFalse();
        assertThat(raced.open()).isEqualTo(placed.size()).isBetween(1, 50);
        placed.forEach(EmbeddedChannel::close);
        assertThat(raced.open()).isZero();
        assertThat(raced.addresses()).isZero();
    }

    // ---- the gate ----

    @Test
    void whenAcceptingFailsTheGatePausesAndThenTriesAgain() {
        Log log = new Log();
        FakeTicker ticker = new FakeTicker();
        EmbeddedChannel listener = new EmbeddedChannel(
                new AcceptGate(admission, new RareWarning(log, ticker::nanos), new RareWarning(log, ticker::nanos)));

        for (int i = 0; i < 3; i++) {
            listener.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        }
        assertThat(listener.config().isAutoRead()).isFalse();
        listener.advanceTimeBy(AcceptGate.PAUSE_MILLIS - 1, TimeUnit.MILLISECONDS);
        listener.runScheduledPendingTasks();
        assertThat(listener.config().isAutoRead()).isFalse();
        listener.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        listener.runScheduledPendingTasks();

        assertThat(listener.config().isAutoRead()).isTrue();
        assertThat(log.lines)
                .containsExactly("accepting on embedded failed, and is tried again in 100 ms:"
                        + " java.io.IOException: Too many open files");
        listener.close();
    }

    @Test
    void aWarningThatStrangersCauseIsLoggedOnceAMinuteWithHowManyWereLeftOut() {
        Log log = new Log();
        FakeTicker ticker = new FakeTicker();
        RareWarning warning = new RareWarning(log, ticker::nanos);

        warning.warn("a");
        warning.warn("b");
        ticker.advance(Duration.ofSeconds(59));
        warning.warn("c");
        ticker.advance(Duration.ofSeconds(1));
        warning.warn("d");
        warning.warn("e");

        assertThat(log.lines).containsExactly("a", "d (and 2 like it before)");
    }

    private static Socket socket(String address) {
        return new Socket(new InetSocketAddress(address, 1));
    }

    /** A socket that comes from somewhere. */
    private static final class Socket extends EmbeddedChannel {

        private final SocketAddress remote;

        Socket(SocketAddress remote) {
            super(new ChannelInboundHandlerAdapter());
            this.remote = remote;
        }

        @Override
        public SocketAddress remoteAddress() {
            return remote;
        }
    }

    private static final class Log implements System.Logger {

        final List<String> lines = new ArrayList<>();

        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
            lines.add(message);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... params) {
            lines.add(format);
        }
    }
}
