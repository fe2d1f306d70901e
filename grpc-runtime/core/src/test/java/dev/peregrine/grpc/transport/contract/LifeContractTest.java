// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.HeardCall;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.transport.TransportThread;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How connections come about, and how they, servers and channels end. */
@TransportContract
class LifeContractTest {

    private static final CallOptions PATIENT = CallOptions.DEFAULT.withWaitForReady(true);
    private static final Duration GRACE = Duration.ofSeconds(20);

    @RegisterExtension
    final Stage stage;

    LifeContractTest(TransportUnderTest transport) {
        stage = new Stage(transport);
    }

    private static void await(CompletionStage<Void> done) throws Exception {
        done.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    // ---- connecting ----

    @Test
    void callsMadeWhileTheChannelConnectsGoOutInOrder() {
        stage.server();
        HeardCall first = stage.start(Texts.CHAT);
        first.send("a");
        first.send("b");
        first.halfClose();
        stage.start(Texts.WATCH);

        HandledCall handled = stage.handled();
        assertThat(handled.method()).isEqualTo(Texts.CHAT);
        handled.request(2);
        assertThat(handled.next()).isEqualTo("message a");
        assertThat(handled.next()).isEqualTo("message b");
        assertThat(handled.next()).isEqualTo("half-close");
        handled.close(Status.OK);
    }

    @Test
    void whereNobodyListensIsUnavailable() {
        stage.channel();
        stage.server().close();

        assertThat(Stage.failureOf(stage.unary("hi")).code()).isEqualTo(StatusCode.UNAVAILABLE);
    }

    @Test
    void aPatientCallWaitsForTheServer() {
        stage.channel();
        SocketAddress address = Stage.addressOf(stage.server());
        stage.server().close();
        assertThat(Stage.failureOf(stage.unary("hi")).code()).isEqualTo(StatusCode.UNAVAILABLE);
        HeardCall call = stage.ask(Texts.UNARY, PATIENT, "patience");

        stage.start(address);

        HandledCall handled = stage.handled();
        assertThat(handled.next()).isEqualTo("message patience");
        handled.send("is a virtue");
        handled.close(Status.OK);
        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("message is a virtue");
        assertThat(call.next()).isEqualTo("OK");
    }

    @Test
    void aPatientCallHasItsDeadlineAllTheSame() {
        stage.channel();
        stage.server().close();

        assertThat(Stage.failureOf(stage.unary(PATIENT.withTimeout(Duration.ofMillis(100)), "hi"))
                        .code())
                .isEqualTo(StatusCode.DEADLINE_EXCEEDED);
    }

    // ---- losing the connection ----

    @Test
    void aLostConnectionIsUnavailableToBothEnds() {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();

        stage.cutConnections();

        assertThat(call.next()).startsWith("UNAVAILABLE: ");
        assertThat(handled.next()).isEqualTo("cancel UNAVAILABLE");
    }

    @Test
    void afterALossTheNextCallConnectsAgain() {
        HeardCall lost = stage.start(Texts.CHAT);
        stage.handled();
        stage.cutConnections();
        assertThat(lost.next()).startsWith("UNAVAILABLE: ");

        stage.expectNextCallAnswered();

        assertThat(stage.connections()).isEqualTo(1);
    }

    @Test
    void anAnswerThatHasArrivedOutlivesItsConnection() {
        HeardCall unread = stage.start(Texts.WATCH);
        unread.send("hi");
        unread.halfClose();
        HandledCall ofUnread = stage.handled();
        ofUnread.send("a");
        ofUnread.close(Status.OK);
        stage.expectNextCallAnswered(); // Behind the other answer: who has heard this one has the other too.
        HeardCall open = stage.start(Texts.CHAT);
        stage.handled();

        stage.cutConnections();
        assertThat(open.next()).startsWith("UNAVAILABLE: ");

        assertThat(unread.next()).isEqualTo("headers");
        unread.request(1);
        assertThat(unread.next()).isEqualTo("message a");
        assertThat(unread.next()).isEqualTo("OK");
    }

    // ---- the server shuts down ----

    @Test
    void aGracefulShutdownLetsCallsFinish() throws Exception {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();
        CompletableFuture<Void> down = stage.server().shutdown(GRACE).toCompletableFuture();

        call.request(Integer.MAX_VALUE);
        call.send("still here?");
        handled.request(1);
        assertThat(handled.next()).isEqualTo("message still here?");
        assertThat(down).isNotDone();
        handled.send("yes");
        handled.close(Status.OK);

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("message yes");
        assertThat(call.next()).isEqualTo("OK");
        await(down);
    }

    @Test
    void aServerThatShutsDownTakesNoNewCalls() throws Exception {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();
        CompletableFuture<Void> down = stage.server().shutdown(GRACE).toCompletableFuture();

        // The news is under way: a call made before it arrives is still taken.
        HeardCall late;
        do {
            late = stage.ask(Texts.UNARY, "late");
        } while (!isRefused(late));

        call.request(1);
        handled.close(Status.OK);
        assertThat(Stage.endOf(call)).isEqualTo("OK");
        await(down);
    }

    private boolean isRefused(HeardCall late) {
        while (true) {
            if (stage.unseenCalls() > 0) {
                HandledCall taken = stage.handled();
                taken.send("in time");
                taken.close(Status.OK);
                assertThat(Stage.endOf(late)).isEqualTo("OK");
                return false;
            }
            if (!late.heard().isEmpty()) {
                assertThat(late.next()).startsWith("UNAVAILABLE: ");
                return true;
            }
            assertThat(Thread.interrupted()).as("the test's time is up").isFalse();
            Thread.onSpinWait();
        }
    }

    @Test
    void anIdleServerShutsDownAtOnce() throws Exception {
        stage.expectNextCallAnswered();

        await(stage.server().shutdown(GRACE));

        assertThat(Stage.failureOf(stage.unary("late")).code()).isEqualTo(StatusCode.UNAVAILABLE);
    }

    @Test
    void whenTheGraceIsOverCallsAreUnavailable() throws Exception {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();

        await(stage.server().shutdown(Duration.ofMillis(50)));

        assertThat(call.next()).startsWith("UNAVAILABLE: ");
        assertThat(handled.next()).isEqualTo("cancel UNAVAILABLE");
    }

    @Test
    void streamsWithoutGraceEndAtOnceBehindWhatWasSaid() throws Exception {
        stage.serveWithoutGrace();
        HeardCall watch = stage.ask(Texts.WATCH, "hi");
        HandledCall handled = stage.handled();
        handled.send("not serving");

        await(stage.server().shutdown(Duration.ofHours(1)));

        assertThat(watch.next()).isEqualTo("headers");
        assertThat(watch.next()).isEqualTo("message not serving");
        assertThat(watch.next()).isEqualTo("UNAVAILABLE: the server shuts down");
        assertThat(handled.heard()).endsWith("cancel UNAVAILABLE");
    }

    @Test
    void unaryCallsBesideStreamsWithoutGraceFinish() throws Exception {
        stage.serveWithoutGrace();
        HeardCall unary = stage.ask(Texts.UNARY, "hi");
        HandledCall handled = stage.handled();
        HeardCall chat = stage.start(Texts.CHAT);
        stage.handled();

        CompletableFuture<Void> down = stage.server().shutdown(GRACE).toCompletableFuture();
        assertThat(Stage.endOf(chat)).startsWith("UNAVAILABLE: ");
        assertThat(down).isNotDone();
        handled.send("re: hi");
        handled.close(Status.OK);

        assertThat(Stage.endOf(unary)).isEqualTo("OK");
        await(down);
    }

    @Test
    void aForcedShutdownEndsEveryCall() throws Exception {
        HeardCall chat = stage.start(Texts.CHAT);
        HandledCall ofChat = stage.handled();
        HeardCall unary = stage.ask(Texts.UNARY, "hi");
        HandledCall ofUnary = stage.handled();

        await(stage.server().shutdown(Duration.ZERO));

        assertThat(chat.next()).startsWith("UNAVAILABLE: ");
        assertThat(unary.next()).startsWith("UNAVAILABLE: ");
        assertThat(ofChat.next()).isEqualTo("cancel UNAVAILABLE");
        assertThat(ofUnary.next()).isEqualTo("message hi");
        assertThat(ofUnary.next()).isEqualTo("half-close");
        assertThat(ofUnary.next()).isEqualTo("cancel UNAVAILABLE");
    }

    @Test
    void aForcedShutdownCutsAGracefulOneShort() throws Exception {
        HeardCall call = stage.start(Texts.CHAT);
        stage.handled();
        CompletableFuture<Void> down =
                stage.server().shutdown(Duration.ofHours(1)).toCompletableFuture();

        await(stage.server().shutdown(Duration.ZERO));

        assertThat(call.next()).startsWith("UNAVAILABLE: ");
        assertThat(down).isDone();
    }

    @Test
    void aGraceWithoutEndCanBeCutShortToo() throws Exception {
        HeardCall call = stage.start(Texts.CHAT);
        stage.handled();
        CompletableFuture<Void> down =
                stage.server().shutdown(ChronoUnit.FOREVER.getDuration()).toCompletableFuture();

        await(stage.server().shutdown(Duration.ofMillis(-1)));

        assertThat(call.next()).startsWith("UNAVAILABLE: ");
        assertThat(down).isDone();
    }

    @Test
    void anAddressIsTakenWhileAServerListensThere() {
        SocketAddress address = Stage.addressOf(stage.server());

        assertThatThrownBy(() -> stage.start(address)).hasMessageContaining("cannot listen on " + address);
    }

    @Test
    void anotherServerMayFollowOnTheSameAddress() throws Exception {
        Server first = stage.server();
        stage.expectNextCallAnswered();
        await(first.shutdown(GRACE));

        Server second = stage.start(Stage.addressOf(first));

        assertThat(second.addresses()).isEqualTo(first.addresses());
        HeardCall call = stage.ask(Texts.UNARY, PATIENT, "and you?");
        HandledCall handled = stage.handled();
        handled.send("me too");
        handled.close(Status.OK);
        assertThat(Stage.endOf(call)).isEqualTo("OK");
    }

    // ---- the channel shuts down ----

    @Test
    void aChannelThatShutsDownLetsCallsFinish() throws Exception {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();
        ManagedChannel channel = stage.channel();
        CompletableFuture<Void> down = channel.shutdown().toCompletableFuture();

        assertThat(Stage.failureOf(stage.unary("late")).code()).isEqualTo(StatusCode.UNAVAILABLE);
        call.send("still here?");
        handled.request(1);
        assertThat(handled.next()).isEqualTo("message still here?");
        assertThat(down).isNotDone();
        handled.close(Status.OK);
        call.request(1);

        assertThat(Stage.endOf(call)).isEqualTo("OK");
        await(down);
    }

    @Test
    void aChannelThatShutsDownLetsCallsFinishThatTheServerHasNotTakenYet() throws Exception {
        stage.serverLimits(limits -> limits.withMaxConcurrentCalls(1));
        stage.expectNextCallAnswered();
        HeardCall first = stage.start(Texts.CHAT);
        HandledCall ofFirst = stage.handled();
        HeardCall second = stage.ask(Texts.UNARY, "patience");
        CompletableFuture<Void> down = stage.channel().shutdown().toCompletableFuture();

        assertThat(Stage.failureOf(stage.unary("late")).code()).isEqualTo(StatusCode.UNAVAILABLE);
        assertThat(down).isNotDone();
        ofFirst.close(Status.OK);
        assertThat(Stage.endOf(first)).isEqualTo("OK");
        HandledCall ofSecond = stage.handled();
        assertThat(ofSecond.next()).isEqualTo("message patience");
        ofSecond.send("is a virtue");
        ofSecond.close(Status.OK);

        assertThat(Stage.endOf(second)).isEqualTo("OK");
        await(down);
    }

    @Test
    void aChannelThatIsClosedCancelsItsCalls() {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();

        stage.channel().close();

        assertThat(call.next()).startsWith("CANCELLED: ");
        assertThat(handled.next()).isIn("cancel CANCELLED", "cancel UNAVAILABLE");
        assertThat(Stage.failureOf(stage.unary("late")).code()).isEqualTo(StatusCode.UNAVAILABLE);
    }

    @Test
    void aServerOutlivesTheChannelsToIt() {
        stage.expectNextCallAnswered();
        stage.channel().close();

        ManagedChannel another = stage.newChannel();
        HeardCall call = new HeardCall(another.newCall(Texts.CHAT, CallOptions.DEFAULT));
        call.start(call, Metadata.EMPTY);

        assertThat(stage.handled().method()).isEqualTo(Texts.CHAT);
    }

    // ---- what is left ----

    @Test
    void noThreadOfTheTransportIsLeft() throws Exception {
        Set<Thread> before = transportThreads();
        stage.expectNextCallAnswered();
        stage.start(Texts.CHAT);
        stage.handled();

        stage.close();

        Set<Thread> left = transportThreads();
        left.removeAll(before);
        for (Thread thread : left) {
            thread.join(10_000);
            assertThat(thread.isAlive()).as(thread.getName() + " is alive").isFalse();
        }
    }

    private static Set<Thread> transportThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(TransportThread.class::isInstance)
                .collect(Collectors.toCollection(HashSet::new));
    }
}
