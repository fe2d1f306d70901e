// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.observe.CallCounts;
import dev.peregrine.grpc.observe.CallSnapshot;
import dev.peregrine.grpc.observe.ChannelSnapshot;
import dev.peregrine.grpc.observe.ConnectionSnapshot;
import dev.peregrine.grpc.observe.ServerSnapshot;
import dev.peregrine.grpc.observe.SnapshotPage;
import dev.peregrine.grpc.server.ExecutionMode;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What can be seen of servers and channels from outside. */
@Timeout(60)
class SnapshotTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private ServerSnapshot take(SnapshotPage page) throws Exception {
        return get(server.server().snapshot(page));
    }

    @Test
    void aServerWithoutClientsShowsItsAddresses() throws Exception {
        ServerSnapshot snapshot = take(SnapshotPage.FIRST);

        assertThat(snapshot.addresses()).isEqualTo(server.server().addresses());
        assertThat(snapshot.transport().open()).isZero();
        assertThat(snapshot.transport().calls()).isEqualTo(CallCounts.NONE);
    }

    @Test
    void anOpenCallShowsItsMethodItsAgeAndItsDeadline() throws Exception {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        List<Header> headers = new ArrayList<>(GrpcFrames.requestHeaders(UNARY));
        headers.add(new Header("grpc-timeout", "1H"));
        peer.send(new Frame.Headers(1, headers, false), lastText(1, "hi"));
        sleeper.expectAsleep();

        ConnectionSnapshot connection =
                take(SnapshotPage.FIRST).transport().connections().get(0);

        assertThat(connection.peer().local())
                .isEqualTo(server.server().addresses().get(0));
        assertThat(connection.openCalls()).isOne();
        assertThat(connection.calls()).isEqualTo(new CallCounts(1, 0, 0));
        assertThat(connection.messagesReceived()).isOne();
        assertThat(connection.draining()).isFalse();
        CallSnapshot call = connection.live().get(0);
        assertThat(call.method()).isEqualTo(Texts.UNARY.fullName());
        assertThat(call.age()).isBetween(Duration.ZERO, connection.age());
        assertThat(call.remaining()).isBetween(Duration.ofMinutes(50), Duration.ofHours(1));
        assertThat(connection.sinceLastCall()).isBetween(Duration.ZERO, connection.age());
        sleeper.release();
    }

    @Test
    void callsAreCountedByHowTheyEndedAlsoOfConnectionsThatAreGone() throws Exception {
        ScriptedPeer peer = server.greet();
        expectNextCallAnswered(peer, 1);
        expectNextCallAnswered(peer, 3);
        peer.send(GrpcFrames.request(5, "/test.Texts/Nothing"));
        peer.expectHeaders(5);
        assertThat(take(SnapshotPage.TOTALS).transport().calls()).isEqualTo(new CallCounts(3, 2, 1));

        peer.close();

        while (take(SnapshotPage.TOTALS).transport().open() > 0) {
            Thread.onSpinWait(); // Until the test's time is up.
        }
        assertThat(take(SnapshotPage.FIRST).transport().calls()).isEqualTo(new CallCounts(3, 2, 1));
    }

    @Test
    void connectionsAreShownPageByPageTheOldestFirst() throws Exception {
        expectNextCallAnswered(server.greet(), 1);
        expectNextCallAnswered(server.greet(), 1);
        expectNextCallAnswered(server.greet(), 1);

        ServerSnapshot first = take(new SnapshotPage(0, 2, 0));
        long last = first.transport().connections().get(1).id();
        ServerSnapshot second = take(new SnapshotPage(last + 1, 2, 0));

        assertThat(first.transport().open()).isEqualTo(3);
        assertThat(first.transport().connections()).hasSize(2);
        assertThat(first.transport().next())
                .hasValue(second.transport().connections().get(0).id());
        assertThat(second.transport().next()).isEmpty();
        assertThat(first.transport().calls().succeeded()).isEqualTo(3);
        assertThat(second.transport().connections())
                .singleElement()
                .satisfies(third -> assertThat(third.id()).isGreaterThan(last));
    }

    @Test
    void anEventLoopThatIsBlockedIsMissingFromThePicture() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ScriptedPeer peer = server.only(Texts.UNARY, ExecutionMode.EVENT_LOOP, call -> {
                    arrived.countDown();
                    awaitUninterruptibly(go);
                    return new ServerCall.Listener<>() {};
                })
                .greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();

        try {
            ServerSnapshot snapshot = take(SnapshotPage.FIRST);

            assertThat(snapshot.transport().open()).isOne();
            assertThat(snapshot.transport().silent()).isOne();
            assertThat(snapshot.transport().connections()).isEmpty();
        } finally {
            go.countDown();
        }
    }

    @Test
    void aPageWithoutThoseWhoAreSilentIsStillNotTheLast() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        server.only(Texts.UNARY, ExecutionMode.EVENT_LOOP, call -> {
            arrived.countDown();
            awaitUninterruptibly(go);
            return new ServerCall.Listener<>() {};
        });
        ScriptedPeer oldest = server.greet();
        server.greet();
        oldest.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();

        try {
            ServerSnapshot snapshot = take(new SnapshotPage(0, 1, 0));

            assertThat(snapshot.transport().connections()).isEmpty();
            assertThat(snapshot.transport().next()).isPresent();
        } finally {
            go.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aChannelShowsItsStateAndItsCalls() throws Exception {
        server.unary(sleeper::sleep);
        try (ManagedChannel channel =
                ManagedChannel.builder("127.0.0.1:" + server.server().port()).build()) {
            ChannelSnapshot idle = get(channel.snapshot(SnapshotPage.FIRST));
            assertThat(idle.state()).isEqualTo("IDLE");
            assertThat(idle.transport().open()).isZero();

            CompletableFuture<String> reply = AsyncClientCalls.unary(
                            channel, Texts.UNARY, CallOptions.DEFAULT.withTimeout(Duration.ofHours(1)), "hi")
                    .toCompletableFuture();
            sleeper.expectAsleep();
            ChannelSnapshot busy = get(channel.snapshot(SnapshotPage.FIRST));

            assertThat(busy.id()).isEqualTo(idle.id());
            assertThat(busy.state()).isEqualTo("READY");
            ConnectionSnapshot connection = busy.transport().connections().get(0);
            assertThat(connection.peer().remote())
                    .isEqualTo(server.server().addresses().get(0));
            CallSnapshot call = connection.live().get(0);
            assertThat(call.method()).isEqualTo(Texts.UNARY.fullName());
            assertThat(call.remaining()).isLessThanOrEqualTo(Duration.ofHours(1));
            sleeper.release();
            get(reply);
            assertThat(get(channel.snapshot(SnapshotPage.TOTALS)).transport().calls())
                    .isEqualTo(new CallCounts(1, 1, 0));
        }
    }

    @Test
    void aServerThatLeavesShowsItsConnectionsAsDraining() throws Exception {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        server.server().shutdown(Duration.ofMinutes(1));

        assertThat(take(SnapshotPage.FIRST).transport().connections())
                .singleElement()
                .satisfies(connection -> assertThat(connection.draining()).isTrue());
        sleeper.release();
    }
}
