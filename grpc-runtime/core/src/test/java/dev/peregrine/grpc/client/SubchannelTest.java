// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.balancing.ConnectivityState;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The states of a channel's connection, event by event, without a network. */
class SubchannelTest {

    private final FakeChannel channel = new FakeChannel();

    // ---- connecting ----

    @Test
    void addressesAreTriedInTheirOrder() {
        channel.subchannel.connect();
        channel.transport.run();
        assertThat(channel.transport.attempts)
                .extracting(attempt -> attempt.address)
                .containsExactly(FakeChannel.FIRST);

        channel.transport.lastAttempt().closed("refused");
        assertThat(channel.transport.attempts)
                .extracting(attempt -> attempt.address)
                .containsExactly(FakeChannel.FIRST, FakeChannel.SECOND);
        assertThat(channel.subchannel.state()).isEqualTo(ConnectivityState.CONNECTING);

        channel.transport.lastAttempt().ready();
        assertThat(channel.subchannel.state()).isEqualTo(ConnectivityState.READY);
    }

    @Test
    void whenAllAddressesFailTheLastFailureIsTold() {
        HeardCall call = channel.call();
        channel.transport.run();
        channel.transport.lastAttempt().closed("first refused");
        assertThat(call.heard()).isEmpty();
        channel.transport.lastAttempt().closed("second refused");

        assertThat(call.heard()).containsExactly("UNAVAILABLE: no connection to host:80: second refused");
        assertThat(channel.subchannel.state()).isEqualTo(ConnectivityState.TRANSIENT_FAILURE);
    }

    @Test
    void aHostWithoutAddressesIsUnavailable() {
        channel.addresses = CompletableFuture.completedFuture(List.of());
        HeardCall call = channel.call();
        channel.transport.run();

        assertThat(call.heard()).containsExactly("UNAVAILABLE: no addresses were found for host:80");
    }

    @Test
    void aHostThatIsUnknownIsLookedUpAgainLater() {
        channel.addresses = CompletableFuture.failedFuture(new UnknownHostException("host"));
        HeardCall call = channel.call(FakeChannel.WAITING);
        channel.transport.run();
        assertThat(channel.subchannel.state()).isEqualTo(ConnectivityState.TRANSIENT_FAILURE);

        channel.addresses = CompletableFuture.completedFuture(List.of(FakeChannel.FIRST));
        channel.transport.advance(Duration.ofSeconds(1));
        channel.transport.lastAttempt().ready();
        assertThat(channel.transport.lastAttempt().stream(0).did).containsExactly("open /test.Texts/Chat");
        assertThat(call.heard()).isEmpty();
    }

    @Test
    void twoCallsMakeOneConnection() {
        channel.call();
        channel.call();
        channel.transport.run();
        channel.transport.lastAttempt().ready();

        assertThat(channel.transport.attempts).hasSize(1);
        assertThat(channel.transport.lastAttempt().streams).hasSize(2);
    }

    // ---- backing off ----

    @Test
    void theWaitBetweenAttemptsGrowsAndEveryAttemptLooksUpTheNameAgain() {
        channel.failed();
        assertThat(channel.transport.nextTimer()).isEqualTo(Duration.ofMillis(1000));

        channel.transport.advance(Duration.ofMillis(1000));
        assertThat(channel.lookups).isEqualTo(2);
        assertThat(channel.transport.attempts).hasSize(3);
        channel.transport.lastAttempt().closed("refused");
        channel.transport.lastAttempt().closed("refused");
        assertThat(channel.transport.nextTimer()).isEqualTo(Duration.ofMillis(1600));
    }

    /** gRFC A62. */
    @Test
    void theFailureLastsUntilThereIsAConnectionAlsoWhileOneIsBeingMade() {
        channel.failed();
        channel.transport.advance(Duration.ofMillis(1000));
        assertThat(channel.subchannel.state()).isEqualTo(ConnectivityState.TRANSIENT_FAILURE);
        HeardCall impatient = channel.call();
        HeardCall patient = channel.call(FakeChannel.WAITING);
        channel.transport.run();
        assertThat(impatient.next()).startsWith("UNAVAILABLE");

        channel.transport.lastAttempt().ready();

        assertThat(channel.subchannel.state()).isEqualTo(ConnectivityState.READY);
        assertThat(channel.transport.lastAttempt().streams).hasSize(1);
        assertThat(patient.heard()).isEmpty();
    }

    @Test
    void aConnectionThatWasReadyResetsTheWait() {
        channel.failed();
        channel.transport.advance(Duration.ofSeconds(1));
        channel.transport.lastAttempt().ready();
        channel.transport.lastAttempt().closed("lost");
        channel.failed();

        assertThat(channel.transport.nextTimer()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void callsFailAtOnceWhileBackingOffUnlessTheyWaitForReady() {
        channel.failed();
        HeardCall fast = channel.call();
        HeardCall patient = channel.call(FakeChannel.WAITING);
        channel.transport.run();

        assertThat(fast.heard()).containsExactly("UNAVAILABLE: no connection to host:80: refused");
        assertThat(patient.heard()).isEmpty();
        channel.transport.advance(Duration.ofSeconds(1));
        channel.transport.lastAttempt().ready();
        assertThat(channel.transport.lastAttempt().streams).hasSize(1);
    }

    @Test
    void aCallDoesNotCutTheWaitShort() {
        channel.failed();
        channel.call(FakeChannel.WAITING);
        channel.transport.run();

        assertThat(channel.transport.attempts).hasSize(2);
    }

    // ---- lost connections ----

    @Test
    void aLostConnectionIsNotMadeAgainUntilItIsNeeded() {
        channel.connected().closed("lost");
        assertThat(channel.subchannel.state()).isEqualTo(ConnectivityState.IDLE);
        assertThat(channel.transport.nextTimer()).isNull();

        channel.call();
        channel.transport.run();
        assertThat(channel.transport.attempts).hasSize(2);
        assertThat(channel.transport.lastAttempt().address).isEqualTo(FakeChannel.FIRST);
    }

    @Test
    void theEndOfADrainedConnectionDoesNotTouchItsSuccessor() {
        FakeTransport.FakeAttempt old = channel.connected();
        old.draining();
        assertThat(channel.subchannel.state()).isEqualTo(ConnectivityState.IDLE);
        FakeTransport.FakeAttempt next = channel.connected();
        assertThat(next).isNotSameAs(old);

        old.closed("drained");
        assertThat(channel.subchannel.state()).isEqualTo(ConnectivityState.READY);
        channel.call();
        assertThat(next.streams).hasSize(1);
    }

    // ---- what throws instead of failing ----

    @Test
    void aResolverThatThrowsFailsTheAttemptAndIsAskedAgain() {
        channel.resolverThrows = new IllegalStateException("no resolver today");
        HeardCall call = channel.call();
        channel.transport.run();
        assertThat(call.next()).isEqualTo("UNAVAILABLE: no resolver today");
        assertThat(channel.subchannel.state()).isEqualTo(ConnectivityState.TRANSIENT_FAILURE);

        channel.resolverThrows = null;
        channel.transport.advance(Duration.ofSeconds(1));
        channel.transport.lastAttempt().ready();
        assertThat(channel.subchannel.state()).isEqualTo(ConnectivityState.READY);
    }

    @Test
    void anAddressThatCannotEvenBeTriedIsPassedOver() {
        channel.transport.connectThrows = new IllegalArgumentException("what an address");
        HeardCall call = channel.call();
        channel.transport.run();

        assertThat(channel.transport.attempts)
                .extracting(attempt -> attempt.address)
                .containsExactly(FakeChannel.SECOND);
        channel.transport.lastAttempt().ready();
        assertThat(channel.transport.lastAttempt().streams).hasSize(1);
        assertThat(call.heard()).isEmpty();
    }

    @Test
    void whenNoAddressCanBeTriedTheCallFailsAndTheChannelTriesAgain() {
        channel.addresses = CompletableFuture.completedFuture(List.of(FakeChannel.FIRST));
        channel.transport.connectThrows = new IllegalArgumentException("what an address");
        HeardCall call = channel.call();
        channel.transport.run();
        assertThat(call.next())
                .startsWith("UNAVAILABLE: no connection to host:80: ")
                .endsWith("what an address");

        channel.transport.advance(Duration.ofSeconds(1));
        channel.transport.lastAttempt().ready();
        assertThat(channel.subchannel.state()).isEqualTo(ConnectivityState.READY);
    }
}
