// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.balancing.Backoff;
import dev.peregrine.grpc.balancing.ConnectivityState;
import dev.peregrine.grpc.codec.CompressionPolicy;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.naming.Target;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The states of a channel, event by event, without a network. */
class ConnectionKeeperTest {

    private static final SocketAddress FIRST = InetSocketAddress.createUnresolved("first", 1);
    private static final SocketAddress SECOND = InetSocketAddress.createUnresolved("second", 2);
    private static final CallOptions WAITING = CallOptions.DEFAULT.withWaitForReady(true);

    private final FakeTransport transport = new FakeTransport();
    private CompletableFuture<List<SocketAddress>> addresses =
            CompletableFuture.completedFuture(List.of(FIRST, SECOND));
    private int lookups;

    private final ConnectionKeeper keeper = new ConnectionKeeper(
            new Target.Host("host", 80),
            target -> {
                lookups++;
                return addresses;
            },
            transport,
            new Backoff(Duration.ofSeconds(1), () -> 0.5), // In the middle of the jitter: exactly the base.
            3);

    private HeardCall outgoing(MethodDescriptor<String, String> method, CallOptions options) {
        CompressionPolicy plain = new CompressionPolicy(MessageEncodings.NONE, null, 4 << 20, 200);
        return new HeardCall(new OutgoingCall<>(method, options, "host:80", keeper, plain, null));
    }

    private HeardCall call(CallOptions options) {
        HeardCall call = outgoing(Texts.CHAT, options);
        call.start();
        return call;
    }

    private HeardCall call() {
        return call(CallOptions.DEFAULT);
    }

    private HeardCall unary() {
        HeardCall call = outgoing(Texts.UNARY, CallOptions.DEFAULT);
        call.start();
        call.send("hi");
        call.halfClose();
        return call;
    }

    /** A channel whose first address is connected. */
    private FakeTransport.FakeAttempt connected() {
        keeper.connect();
        transport.run();
        transport.lastAttempt().ready();
        return transport.lastAttempt();
    }

    /** A channel that could not connect. */
    private void failed() {
        keeper.connect();
        transport.run();
        transport.lastAttempt().closed("refused");
        transport.lastAttempt().closed("refused");
    }

    // ---- waiting ----

    @Test
    void oneCallMoreThanMayWaitIsRefused() {
        addresses = new CompletableFuture<>();
        call();
        call();
        call();
        HeardCall tooMany = call();
        transport.run();

        assertThat(tooMany.next()).startsWith("RESOURCE_EXHAUSTED: 3 calls wait for a connection to");
    }

    @Test
    void callsThatWaitNoLongerMakeRoom() {
        addresses = new CompletableFuture<>();
        call();
        call();
        HeardCall impatient = call();
        transport.run();
        impatient.cancel("enough", null);
        HeardCall next = call();
        transport.run();

        assertThat(impatient.next()).startsWith("CANCELLED");
        assertThat(next.heard()).isEmpty();
    }

    // ---- connecting ----

    @Test
    void addressesAreTriedInTheirOrder() {
        keeper.connect();
        transport.run();
        assertThat(transport.attempts).extracting(attempt -> attempt.address).containsExactly(FIRST);

        transport.lastAttempt().closed("refused");
        assertThat(transport.attempts).extracting(attempt -> attempt.address).containsExactly(FIRST, SECOND);
        assertThat(keeper.state()).isEqualTo(ConnectivityState.CONNECTING);

        transport.lastAttempt().ready();
        assertThat(keeper.state()).isEqualTo(ConnectivityState.READY);
    }

    @Test
    void whenAllAddressesFailTheLastFailureIsTold() {
        HeardCall call = call();
        transport.run();
        transport.lastAttempt().closed("first refused");
        assertThat(call.heard()).isEmpty();
        transport.lastAttempt().closed("second refused");

        assertThat(call.heard()).containsExactly("UNAVAILABLE: no connection to host:80: second refused");
        assertThat(keeper.state()).isEqualTo(ConnectivityState.TRANSIENT_FAILURE);
    }

    @Test
    void aHostWithoutAddressesIsUnavailable() {
        addresses = CompletableFuture.completedFuture(List.of());
        HeardCall call = call();
        transport.run();

        assertThat(call.heard()).containsExactly("UNAVAILABLE: no addresses were found for host:80");
    }

    @Test
    void aHostThatIsUnknownIsLookedUpAgainLater() {
        addresses = CompletableFuture.failedFuture(new UnknownHostException("host"));
        HeardCall call = call(WAITING);
        transport.run();
        assertThat(keeper.state()).isEqualTo(ConnectivityState.TRANSIENT_FAILURE);

        addresses = CompletableFuture.completedFuture(List.of(FIRST));
        transport.advance(Duration.ofSeconds(1));
        transport.lastAttempt().ready();
        assertThat(transport.lastAttempt().stream(0).did).containsExactly("open /test.Texts/Chat");
        assertThat(call.heard()).isEmpty();
    }

    @Test
    void twoCallsMakeOneConnection() {
        call();
        call();
        transport.run();
        transport.lastAttempt().ready();

        assertThat(transport.attempts).hasSize(1);
        assertThat(transport.lastAttempt().streams).hasSize(2);
    }

    // ---- backing off ----

    @Test
    void theWaitBetweenAttemptsGrowsAndEveryAttemptLooksUpTheNameAgain() {
        failed();
        assertThat(transport.nextTimer()).isEqualTo(Duration.ofMillis(1000));

        transport.advance(Duration.ofMillis(1000));
        assertThat(lookups).isEqualTo(2);
        assertThat(transport.attempts).hasSize(3);
        transport.lastAttempt().closed("refused");
        transport.lastAttempt().closed("refused");
        assertThat(transport.nextTimer()).isEqualTo(Duration.ofMillis(1600));
    }

    /** gRFC A62. */
    @Test
    void theFailureLastsUntilThereIsAConnectionAlsoWhileOneIsBeingMade() {
        failed();
        transport.advance(Duration.ofMillis(1000));
        assertThat(keeper.state()).isEqualTo(ConnectivityState.TRANSIENT_FAILURE);
        HeardCall impatient = call();
        HeardCall patient = call(WAITING);
        transport.run();
        assertThat(impatient.next()).startsWith("UNAVAILABLE");

        transport.lastAttempt().ready();

        assertThat(keeper.state()).isEqualTo(ConnectivityState.READY);
        assertThat(transport.lastAttempt().streams).hasSize(1);
        assertThat(patient.heard()).isEmpty();
    }

    @Test
    void aConnectionThatWasReadyResetsTheWait() {
        failed();
        transport.advance(Duration.ofSeconds(1));
        transport.lastAttempt().ready();
        transport.lastAttempt().closed("lost");
        failed();

        assertThat(transport.nextTimer()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void callsFailAtOnceWhileBackingOffUnlessTheyWaitForReady() {
        failed();
        HeardCall fast = call();
        HeardCall patient = call(WAITING);
        transport.run();

        assertThat(fast.heard()).containsExactly("UNAVAILABLE: no connection to host:80: refused");
        assertThat(patient.heard()).isEmpty();
        transport.advance(Duration.ofSeconds(1));
        transport.lastAttempt().ready();
        assertThat(transport.lastAttempt().streams).hasSize(1);
    }

    @Test
    void aCallDoesNotCutTheWaitShort() {
        failed();
        call(WAITING);
        transport.run();

        assertThat(transport.attempts).hasSize(2);
    }

    // ---- lost connections ----

    @Test
    void aLostConnectionIsNotMadeAgainUntilItIsNeeded() {
        connected().closed("lost");
        assertThat(keeper.state()).isEqualTo(ConnectivityState.IDLE);
        assertThat(transport.nextTimer()).isNull();

        call();
        transport.run();
        assertThat(transport.attempts).hasSize(2);
        assertThat(transport.lastAttempt().address).isEqualTo(FIRST);
    }

    @Test
    void theEndOfADrainedConnectionDoesNotTouchItsSuccessor() {
        FakeTransport.FakeAttempt old = connected();
        old.draining();
        assertThat(keeper.state()).isEqualTo(ConnectivityState.IDLE);
        FakeTransport.FakeAttempt next = connected();
        assertThat(next).isNotSameAs(old);

        old.closed("drained");
        assertThat(keeper.state()).isEqualTo(ConnectivityState.READY);
        call();
        assertThat(next.streams).hasSize(1);
    }

    // ---- calls that wait ----

    @Test
    void whatIsDoneWhileWaitingIsDoneInOrderOnceThereIsAConnection() {
        HeardCall call = call();
        call.request(2);
        call.send("a");
        call.send("bb");
        call.halfClose();
        transport.run();
        transport.lastAttempt().ready();

        assertThat(transport.lastAttempt().stream(0).did)
                .containsExactly("open /test.Texts/Chat", "request 2", "write 1", "write 2", "halfClose");
    }

    @Test
    void whatIsDoneWhileTheStreamOpensKeepsItsPlace() {
        HeardCall call = call();
        call.send("a");
        transport.run();
        transport.lastAttempt().whileOpening = () -> call.send("bb");
        transport.lastAttempt().ready();
        call.send("ccc");

        assertThat(transport.lastAttempt().stream(0).did)
                .containsExactly("open /test.Texts/Chat", "write 1", "write 2", "write 3");
    }

    @Test
    void aCancelWhileTheStreamOpensIsPassedOn() {
        HeardCall call = call();
        transport.run();
        transport.lastAttempt().whileOpening = () -> call.cancel("enough", null);
        transport.lastAttempt().ready();

        assertThat(transport.lastAttempt().stream(0).did)
                .containsExactly("open /test.Texts/Chat", "cancel CANCELLED: enough");
    }

    @Test
    void aCallThatWaitedHearsThatItMayWrite() {
        HeardCall call = call();
        assertThat(call.isReady()).isFalse();
        transport.run();
        transport.lastAttempt().ready();

        assertThat(call.nextOrReady()).isEqualTo("ready");
        assertThat(call.isReady()).isTrue();
    }

    @Test
    void aCallThatIsCancelledWhileWaitingEndsAndIsNotOpened() {
        HeardCall call = call(WAITING.withTimeout(Duration.ofHours(1)));
        transport.run();
        call.cancel("enough", null);
        call.cancel("really", null);
        transport.run();

        assertThat(call.heard()).containsExactly("CANCELLED: enough");
        assertThat(transport.nextTimer()).as("the deadline").isNull();
        transport.lastAttempt().ready();
        assertThat(transport.lastAttempt().streams).isEmpty();
    }

    @Test
    void theDeadlineOfACallThatWaitsEndsIt() {
        HeardCall call = call(WAITING.withTimeout(Duration.ofSeconds(5)));
        transport.run();
        transport.advance(Duration.ofSeconds(5));

        assertThat(call.heard())
                .containsExactly("DEADLINE_EXCEEDED: the deadline passed while waiting for a connection to host:80,"
                        + " which is CONNECTING");
        transport.lastAttempt().ready();
        assertThat(transport.lastAttempt().streams).isEmpty();
    }

    @Test
    void theDeadlineIsTheConnectionsBusinessOnceThereIsOne() {
        call(WAITING.withTimeout(Duration.ofHours(1)));
        transport.run();
        transport.lastAttempt().ready();

        assertThat(transport.nextTimer()).isNull();
    }

    // ---- calls that are sent again ----

    @Test
    void aCallThatFailsWhileItIsBeingOpenedIsHeldByItsSuccessor() {
        FakeTransport.FakeAttempt connection = connected();
        // Before open() has returned the first stream, it has failed and the second was opened.
        connection.whileOpening = () -> connection.stream(0).closed(StatusCode.UNAVAILABLE, true);
        HeardCall call = unary();
        assertThat(connection.streams).hasSize(2);

        call.cancel("enough", null);
        assertThat(connection.stream(0).did).containsExactly("open /test.Texts/Unary +2");
        assertThat(connection.stream(1).did).containsExactly("open /test.Texts/Unary +2", "cancel CANCELLED: enough");
    }

    @Test
    void aCallThatWasCancelledIsNotSentAgain() {
        FakeTransport.FakeAttempt connection = connected();
        HeardCall call = unary();
        call.cancel("enough", null); // On its way to the connection when this one arrives:
        connection.stream(0).closed(StatusCode.UNAVAILABLE, true);

        assertThat(connection.streams).hasSize(1);
        assertThat(call.heard()).containsExactly("CANCELLED: enough");
    }

    @Test
    void onlyUnavailableIsAReasonToSendACallAgain() {
        FakeTransport.FakeAttempt connection = connected();
        HeardCall call = unary();
        connection.stream(0).closed(StatusCode.CANCELLED, true);

        assertThat(connection.streams).hasSize(1);
        assertThat(call.heard()).containsExactly("CANCELLED");
    }

    @Test
    void aCallTheServerMayHaveSeenIsNotSentAgain() {
        FakeTransport.FakeAttempt connection = connected();
        HeardCall call = unary();
        connection.stream(0).closed(StatusCode.UNAVAILABLE, false);

        assertThat(connection.streams).hasSize(1);
        assertThat(call.heard()).containsExactly("UNAVAILABLE");
    }

    // ---- shutting down ----

    @Test
    void aShutdownEndsWhenTheConnectionHas() {
        FakeTransport.FakeAttempt connection = connected();
        keeper.shutdown(false);
        transport.run();
        assertThat(connection.shutDown).isTrue();
        assertThat(keeper.state()).isEqualTo(ConnectivityState.SHUTDOWN);
        assertThat(keeper.terminated()).isNotDone();

        connection.closed("shut down");
        assertThat(keeper.terminated()).isCompleted();
        assertThat(transport.isClosed()).isTrue();
    }

    @Test
    void aShutdownWaitsForConnectionsThatAreStillDraining() {
        FakeTransport.FakeAttempt old = connected();
        old.draining();
        FakeTransport.FakeAttempt next = connected();
        keeper.shutdown(false);
        transport.run();

        next.closed("shut down");
        assertThat(keeper.terminated()).isNotDone();
        old.closed("drained");
        assertThat(keeper.terminated()).isCompleted();
    }

    @Test
    void aForcedShutdownMayFollowAGentleOne() {
        FakeTransport.FakeAttempt connection = connected();
        keeper.shutdown(false);
        keeper.shutdown(true);
        transport.run();

        assertThat(connection.shutDownNow).hasToString("CANCELLED: the channel to host:80 was closed");
    }

    @Test
    void aShutdownWhileConnectingGivesUp() {
        HeardCall call = call(WAITING);
        transport.run();
        keeper.shutdown(false);
        transport.run();

        assertThat(call.heard()).containsExactly("UNAVAILABLE: the channel to host:80 is shut down");
        assertThat(transport.lastAttempt().abandoned).isTrue();
        transport.lastAttempt().closed("abandoned");
        assertThat(transport.attempts).as("no further address is tried").hasSize(1);
        assertThat(keeper.terminated()).isCompleted();
    }

    @Test
    void aConnectionThatBecomesReadyBehindAShutdownIsShutDownToo() {
        keeper.connect();
        transport.run();
        keeper.shutdown(false);
        transport.run();
        transport.lastAttempt().ready();

        assertThat(transport.lastAttempt().shutDown).isTrue();
        assertThat(keeper.state()).isEqualTo(ConnectivityState.SHUTDOWN);
    }

    @Test
    void aShutdownWhileBackingOffEndsAtOnce() {
        failed();
        keeper.shutdown(false);
        transport.run();

        assertThat(transport.nextTimer()).isNull();
        assertThat(keeper.terminated()).isCompleted();
    }

    @Test
    void anAddressThatIsFoundBehindAShutdownIsNotUsed() {
        addresses = new CompletableFuture<>();
        call();
        transport.run();
        keeper.shutdown(false);
        transport.run();
        assertThat(keeper.terminated()).isCompleted();

        addresses.complete(List.of(FIRST));
        transport.run();
        assertThat(transport.attempts).isEmpty();
    }

    @Test
    void aCallBehindTheEndOfTheTransportIsUnavailable() {
        keeper.shutdown(true);
        transport.run();
        assertThat(transport.isClosed()).isTrue();

        assertThat(call().heard()).containsExactly("UNAVAILABLE: the channel to host:80 is shut down");
        assertThat(unary().heard()).containsExactly("UNAVAILABLE: the channel to host:80 is shut down");
        keeper.shutdown(true);
        keeper.connect();
    }
}
