// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.Resend;
import org.junit.jupiter.api.Test;

/** Calls that no server has seen, event by event, without a network (gRFC A6). */
class ResentCallTest {

    private final FakeChannel channel = new FakeChannel();

    @Test
    void aCallThatFailsWhileItIsBeingOpenedIsHeldByItsSuccessor() {
        FakeTransport.FakeAttempt connection = channel.connected();
        // Before open() has returned the first stream, it has failed and the second was opened.
        connection.whileOpening = () -> connection.stream(0).closed(StatusCode.UNAVAILABLE, Resend.FREELY);
        HeardCall call = channel.unary();
        assertThat(connection.streams).hasSize(2);

        call.cancel("enough", null);
        assertThat(connection.stream(0).did).containsExactly("open /test.Texts/Unary +2");
        assertThat(connection.stream(1).did).containsExactly("open /test.Texts/Unary +2", "cancel CANCELLED: enough");
    }

    @Test
    void aCallThatWasCancelledIsNotSentAgain() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.unary();
        call.cancel("enough", null); // On its way to the connection when this one arrives:
        connection.stream(0).closed(StatusCode.UNAVAILABLE, Resend.FREELY);

        assertThat(connection.streams).hasSize(1);
        assertThat(call.heard()).containsExactly("CANCELLED: enough");
    }

    @Test
    void onlyUnavailableIsAReasonToSendACallAgain() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.unary();
        connection.stream(0).closed(StatusCode.CANCELLED, Resend.FREELY);

        assertThat(connection.streams).hasSize(1);
        assertThat(call.heard()).containsExactly("CANCELLED");
    }

    @Test
    void aCallTheServerMayHaveSeenIsNotSentAgain() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.unary();
        connection.stream(0).closed(StatusCode.UNAVAILABLE, Resend.NEVER);

        assertThat(connection.streams).hasSize(1);
        assertThat(call.heard()).containsExactly("UNAVAILABLE");
    }

    // ---- how often ----

    @Test
    void aCallThatAServerHasRefusedIsSentAgainOnce() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.call();
        connection.stream(0).closed(StatusCode.UNAVAILABLE, Resend.ONCE);
        connection.stream(1).closed(StatusCode.UNAVAILABLE, Resend.ONCE);

        assertThat(connection.streams).hasSize(2);
        assertThat(call.next()).isEqualTo("UNAVAILABLE");
    }

    @Test
    void aCallThatDoesNotGetOutIsSentAgainAndAgainAndMayThenBeRefusedOnce() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.call();
        for (int times = 0; times < 20; times++) {
            connection.stream(times).closed(StatusCode.UNAVAILABLE, Resend.FREELY);
        }
        connection.stream(20).closed(StatusCode.UNAVAILABLE, Resend.ONCE);

        assertThat(connection.streams).hasSize(22);
        assertThat(call.heard()).isEmpty();
    }

    @Test
    void aCallThatNeverGetsOutEndsSomeTime() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.call();
        for (int times = 0; times < 1000; times++) {
            assertThat(call.heard()).isEmpty();
            connection.stream(times).closed(StatusCode.UNAVAILABLE, Resend.FREELY);
        }

        assertThat(connection.streams).hasSize(1000);
        assertThat(call.next()).isEqualTo("UNAVAILABLE");
    }

    // ---- streams of requests ----

    @Test
    void whatAStreamHasSaidIsSaidAgainInItsOrder() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.call();
        call.request(2);
        call.send("a");
        call.send("bb");
        call.halfClose();
        connection.stream(0).closed(StatusCode.UNAVAILABLE, Resend.ONCE);

        assertThat(connection.stream(1).did)
                .containsExactly("open /test.Texts/Chat +2", "write 1", "write 2", "halfClose");
        assertThat(call.heard()).isEmpty();
    }

    @Test
    void whatIsSaidWhileAStreamIsSaidAgainKeepsItsPlace() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.call();
        call.send("a");
        call.send("bb");
        connection.whileOpening = () -> {
            call.send("ccc");
            connection.stream(1).whileWriting = () -> {
                call.send("dddd");
                call.halfClose();
            };
        };
        connection.stream(0).closed(StatusCode.UNAVAILABLE, Resend.ONCE);

        assertThat(connection.stream(1).did)
                .containsExactly("open /test.Texts/Chat", "write 1", "write 2", "write 3", "write 4", "halfClose");
    }

    @Test
    void aStreamThatIsRefusedWhileItIsSaidAgainIsSaidToItsSuccessorWhole() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.call();
        call.send("a");
        call.send("bb");
        connection.whileOpening = () -> connection.stream(1).whileWriting =
                () -> connection.stream(1).closed(StatusCode.UNAVAILABLE, Resend.FREELY);
        connection.stream(0).closed(StatusCode.UNAVAILABLE, Resend.FREELY);
        call.send("ccc");

        assertThat(connection.stream(2).did).containsExactly("open /test.Texts/Chat", "write 1", "write 2", "write 3");
        assertThat(connection.stream(1).did).doesNotContain("write 3");
    }

    @Test
    void aStreamWaitsForTheNextConnectionWithWhatItHasSaid() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.call();
        call.send("a");
        connection.draining();
        connection.stream(0).closed(StatusCode.UNAVAILABLE, Resend.ONCE);
        call.send("bb");
        assertThat(call.isReady()).isFalse();
        channel.transport.run();
        channel.transport.lastAttempt().ready();

        assertThat(channel.transport.lastAttempt().stream(0).did)
                .containsExactly("open /test.Texts/Chat", "write 1", "write 2");
        assertThat(call.isReady()).isTrue();
    }

    /** Else it would wait for a stream that is no more. */
    @Test
    void whoWaitedToWriteToTheFirstStreamHearsOfTheSecond() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.call();
        connection.stream(0).ready = false;
        assertThat(call.isReady()).isFalse();
        connection.stream(0).closed(StatusCode.UNAVAILABLE, Resend.ONCE);

        assertThat(call.nextOrReady()).isEqualTo("ready");
        assertThat(call.isReady()).isTrue();
    }

    @Test
    void aStreamThatWasCancelledIsNotSaidAgain() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.call();
        call.send("a");
        call.cancel("enough", null);
        connection.stream(0).closed(StatusCode.UNAVAILABLE, Resend.ONCE);

        assertThat(connection.streams).hasSize(1);
        assertThat(call.heard()).containsExactly("CANCELLED: enough");
    }

    // ---- what commits a call ----

    @Test
    void aStreamWithMoreThanIsKeptIsNotSaidAgain() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.call();
        call.send("a".repeat(65_531)); // With its prefix, as much as is kept.
        call.send("b");
        connection.stream(0).closed(StatusCode.UNAVAILABLE, Resend.ONCE);

        assertThat(connection.streams).hasSize(1);
        assertThat(call.next()).isEqualTo("UNAVAILABLE");
    }

    @Test
    void oneRequestIsKeptHoweverLargeItIs() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.call();
        call.send("a".repeat(1_000_000));
        call.halfClose();
        connection.stream(0).closed(StatusCode.UNAVAILABLE, Resend.ONCE);

        assertThat(connection.stream(1).did).containsExactly("open /test.Texts/Chat", "write 1000000", "halfClose");
    }

    @Test
    void nothingIsLostOfWhatIsSaidBeyondThatWhileThereIsNoStream() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.call();
        connection.whileOpening = () -> {
            call.send("a".repeat(100_000));
            call.send("b".repeat(100_001));
            call.send("c");
        };
        connection.stream(0).closed(StatusCode.UNAVAILABLE, Resend.FREELY);

        assertThat(connection.stream(1).did)
                .containsExactly("open /test.Texts/Chat", "write 100000", "write 100001", "write 1");
    }

    @Test
    void aStreamThatTheServerAnswersIsCommitted() {
        FakeTransport.FakeAttempt connection = channel.connected();
        HeardCall call = channel.call();
        call.send("a");
        connection.stream(0).listener.onHeaders(Metadata.EMPTY);
        call.send("bb");
        connection.stream(0).closed(StatusCode.UNAVAILABLE, Resend.ONCE);

        assertThat(connection.stream(0).did).containsExactly("open /test.Texts/Chat", "write 1", "write 2");
        assertThat(connection.streams).hasSize(1);
        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("UNAVAILABLE");
    }
}
