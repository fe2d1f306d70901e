// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.balancing.ConnectivityState;
import dev.peregrine.grpc.transport.Resend;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How a channel is shut down, event by event, without a network. */
class ChannelShutdownTest {

    private final FakeChannel channel = new FakeChannel();

    @Test
    void aShutdownEndsWhenTheConnectionHas() {
        FakeTransport.FakeAttempt connection = channel.connected();
        channel.subchannel.shutdown(false);
        channel.transport.run();
        assertThat(connection.shutDown).isTrue();
        assertThat(channel.subchannel.state()).isEqualTo(ConnectivityState.SHUTDOWN);
        assertThat(channel.subchannel.terminated()).isNotDone();

        connection.closed("shut down");
        assertThat(channel.subchannel.terminated()).isCompleted();
        assertThat(channel.transport.isClosed()).isTrue();
    }

    @Test
    void aShutdownWaitsForConnectionsThatAreStillDraining() {
        FakeTransport.FakeAttempt old = channel.connected();
        old.draining();
        FakeTransport.FakeAttempt next = channel.connected();
        channel.subchannel.shutdown(false);
        channel.transport.run();

        next.closed("shut down");
        assertThat(channel.subchannel.terminated()).isNotDone();
        old.closed("drained");
        assertThat(channel.subchannel.terminated()).isCompleted();
    }

    @Test
    void aForcedShutdownMayFollowAGentleOne() {
        FakeTransport.FakeAttempt connection = channel.connected();
        channel.subchannel.shutdown(false);
        channel.subchannel.shutdown(true);
        channel.transport.run();

        assertThat(connection.shutDownNow).hasToString("CANCELLED: the channel to host:80 was closed");
    }

    @Test
    void aShutdownWhileConnectingForNobodyGivesUp() {
        channel.subchannel.connect();
        channel.transport.run();
        channel.subchannel.shutdown(false);
        channel.transport.run();

        assertThat(channel.transport.lastAttempt().abandoned).isTrue();
        channel.transport.lastAttempt().closed("abandoned");
        assertThat(channel.transport.attempts).as("no further address is tried").hasSize(1);
        assertThat(channel.subchannel.terminated()).isCompleted();
    }

    @Test
    void aForcedShutdownWhileConnectingFailsTheCallsThatWaitAndGivesUp() {
        HeardCall call = channel.call(FakeChannel.WAITING);
        channel.transport.run();
        channel.subchannel.shutdown(true);
        channel.transport.run();

        assertThat(call.heard()).containsExactly("UNAVAILABLE: the channel to host:80 is shut down");
        assertThat(channel.transport.lastAttempt().abandoned).isTrue();
        channel.transport.lastAttempt().closed("abandoned");
        assertThat(channel.subchannel.terminated()).isCompleted();
    }

    // ---- calls that were made before ----

    @Test
    void aCallThatWaitsForAConnectionIsOpenedBehindAShutdownAndTheConnectionShutDownBehindIt() {
        HeardCall call = channel.call();
        channel.subchannel.shutdown(false); // Before the executor has got to the call.
        channel.transport.run();
        HeardCall late = channel.call();
        assertThat(late.next()).isEqualTo("UNAVAILABLE: the channel to host:80 is shut down");
        assertThat(channel.transport.attempts).hasSize(1);
        channel.transport.lastAttempt().ready();

        assertThat(channel.transport.lastAttempt().stream(0).did).containsExactly("open /test.Texts/Chat");
        assertThat(channel.transport.lastAttempt().shutDown).isTrue();
        assertThat(call.heard()).isEmpty();
        assertThat(channel.subchannel.terminated()).isNotDone();
        channel.transport.lastAttempt().closed("shut down");
        assertThat(channel.subchannel.terminated()).isCompleted();
    }

    @Test
    void aCallThatWaitsForReadyOutlivesFailedAttemptsBehindAShutdownButOthersDoNot() {
        HeardCall patient = channel.call(FakeChannel.WAITING);
        HeardCall impatient = channel.call();
        channel.transport.run();
        channel.subchannel.shutdown(false);
        channel.transport.run();
        channel.transport.lastAttempt().closed("refused");
        channel.transport.lastAttempt().closed("refused");
        assertThat(impatient.next()).isEqualTo("UNAVAILABLE: no connection to host:80: refused");
        assertThat(channel.subchannel.state()).isEqualTo(ConnectivityState.SHUTDOWN);

        channel.transport.advance(Duration.ofSeconds(1));
        channel.transport.lastAttempt().ready();
        assertThat(channel.transport.lastAttempt().streams).hasSize(1);
        assertThat(patient.heard()).isEmpty();
    }

    @Test
    void theLastCallThatIsCancelledWhileItWaitsEndsTheShutdown() {
        HeardCall call = channel.call(FakeChannel.WAITING);
        channel.transport.run();
        channel.subchannel.shutdown(false);
        channel.transport.run();
        assertThat(channel.transport.lastAttempt().abandoned).isFalse();
        call.cancel("enough", null);
        channel.transport.run();

        assertThat(call.heard()).containsExactly("CANCELLED: enough");
        assertThat(channel.transport.lastAttempt().abandoned).isTrue();
        channel.transport.lastAttempt().closed("abandoned");
        assertThat(channel.subchannel.terminated()).isCompleted();
    }

    @Test
    void theDeadlineOfTheLastCallThatWaitsEndsTheShutdown() {
        channel.addresses = new CompletableFuture<>();
        HeardCall call = channel.call(FakeChannel.WAITING.withTimeout(Duration.ofSeconds(5)));
        channel.transport.run();
        channel.subchannel.shutdown(false);
        channel.transport.advance(Duration.ofSeconds(5));

        assertThat(call.next()).startsWith("DEADLINE_EXCEEDED");
        assertThat(channel.subchannel.terminated()).isCompleted();
    }

    @Test
    void whenNoAddressAnswersAndNobodyWaitsTheShutdownEnds() {
        HeardCall call = channel.call();
        channel.transport.run();
        channel.subchannel.shutdown(false);
        channel.transport.run();
        channel.transport.lastAttempt().closed("refused");
        channel.transport.lastAttempt().closed("refused");

        assertThat(call.next()).startsWith("UNAVAILABLE: no connection");
        assertThat(channel.transport.nextTimer()).isNull();
        assertThat(channel.subchannel.terminated()).isCompleted();
    }

    @Test
    void aCallThatNoServerHasSeenIsSentAgainBehindAShutdownToo() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.unary();
        channel.subchannel.shutdown(false);
        channel.transport.run();
        connection.stream(0).closed(StatusCode.UNAVAILABLE, Resend.ONCE);
        connection.closed("the server went away");
        channel.transport.run();

        assertThat(channel.subchannel.terminated()).isNotDone();
        channel.transport.lastAttempt().ready();
        FakeTransport.FakeAttempt next = channel.transport.lastAttempt();
        assertThat(next).isNotSameAs(connection);
        assertThat(next.streams).hasSize(1);
        assertThat(next.shutDown).isTrue();
        assertThat(call.heard()).isEmpty();
        next.closed("shut down");
        assertThat(channel.subchannel.terminated()).isCompleted();
    }

    @Test
    void aCallThatNoServerHasSeenEndsBehindAForcedShutdown() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.unary();
        channel.subchannel.shutdown(true);
        channel.transport.run();
        connection.stream(0).closed(StatusCode.UNAVAILABLE, Resend.FREELY);
        channel.transport.run();

        assertThat(call.heard()).containsExactly("UNAVAILABLE: the channel to host:80 is shut down");
        assertThat(channel.transport.attempts).hasSize(1);
    }

    // ---- what comes too late ----

    @Test
    void aConnectionThatBecomesReadyBehindAShutdownIsShutDownToo() {
        channel.subchannel.connect();
        channel.transport.run();
        channel.subchannel.shutdown(false);
        channel.transport.run();
        channel.transport.lastAttempt().ready();

        assertThat(channel.transport.lastAttempt().shutDown).isTrue();
        assertThat(channel.subchannel.state()).isEqualTo(ConnectivityState.SHUTDOWN);
    }

    @Test
    void aShutdownWhileBackingOffEndsAtOnce() {
        channel.failed();
        channel.subchannel.shutdown(false);
        channel.transport.run();

        assertThat(channel.transport.nextTimer()).isNull();
        assertThat(channel.subchannel.terminated()).isCompleted();
    }

    @Test
    void anAddressThatIsFoundBehindAShutdownIsNotUsed() {
        channel.addresses = new CompletableFuture<>();
        channel.subchannel.connect();
        channel.transport.run();
        channel.subchannel.shutdown(false);
        channel.transport.run();
        assertThat(channel.subchannel.terminated()).isCompleted();

        channel.addresses.complete(List.of(FakeChannel.FIRST));
        channel.transport.run();
        assertThat(channel.transport.attempts).isEmpty();
    }

    @Test
    void aCallBehindTheEndOfTheTransportIsUnavailable() {
        channel.subchannel.shutdown(true);
        channel.transport.run();
        assertThat(channel.transport.isClosed()).isTrue();

        assertThat(channel.call().heard()).containsExactly("UNAVAILABLE: the channel to host:80 is shut down");
        assertThat(channel.unary().heard()).containsExactly("UNAVAILABLE: the channel to host:80 is shut down");
        channel.subchannel.shutdown(true);
        channel.subchannel.connect();
    }
}
