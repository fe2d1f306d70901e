// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Calls that wait for a connection, event by event, without a network. */
class WaitingCallsTest {

    private final FakeChannel channel = new FakeChannel();

    // ---- waiting ----

    @Test
    void oneCallMoreThanMayWaitIsRefused() {
        channel.addresses = new CompletableFuture<>();
        channel.call();
        channel.call();
        channel.call();
        HeardCall tooMany = channel.call();
        channel.transport.run();

        assertThat(tooMany.next()).startsWith("RESOURCE_EXHAUSTED: 3 calls wait for a connection to");
    }

    @Test
    void callsThatWaitNoLongerMakeRoom() {
        channel.addresses = new CompletableFuture<>();
        channel.call();
        channel.call();
        HeardCall impatient = channel.call();
        channel.transport.run();
        impatient.cancel("enough", null);
        HeardCall next = channel.call();
        channel.transport.run();

        assertThat(impatient.next()).startsWith("CANCELLED");
        assertThat(next.heard()).isEmpty();
    }

    // ---- calls that wait ----

    @Test
    void whatIsDoneWhileWaitingIsDoneInOrderOnceThereIsAConnection() {
        HeardCall call = channel.call();
        call.request(2);
        call.send("a");
        call.send("bb");
        call.halfClose();
        channel.transport.run();
        channel.transport.lastAttempt().ready();

        assertThat(channel.transport.lastAttempt().stream(0).did)
                .containsExactly("open /test.Texts/Chat", "request 2", "write 1", "write 2", "halfClose");
    }

    @Test
    void whatIsDoneWhileTheStreamOpensKeepsItsPlace() {
        HeardCall call = channel.call();
        call.send("a");
        channel.transport.run();
        channel.transport.lastAttempt().whileOpening = () -> call.send("bb");
        channel.transport.lastAttempt().ready();
        call.send("ccc");

        assertThat(channel.transport.lastAttempt().stream(0).did)
                .containsExactly("open /test.Texts/Chat", "write 1", "write 2", "write 3");
    }

    @Test
    void aCancelWhileTheStreamOpensIsPassedOn() {
        HeardCall call = channel.call();
        channel.transport.run();
        channel.transport.lastAttempt().whileOpening = () -> call.cancel("enough", null);
        channel.transport.lastAttempt().ready();

        assertThat(channel.transport.lastAttempt().stream(0).did)
                .containsExactly("open /test.Texts/Chat", "cancel CANCELLED: enough");
    }

    @Test
    void aCallThatWaitedHearsThatItMayWrite() {
        HeardCall call = channel.call();
        assertThat(call.isReady()).isFalse();
        channel.transport.run();
        channel.transport.lastAttempt().ready();

        assertThat(call.nextOrReady()).isEqualTo("ready");
        assertThat(call.isReady()).isTrue();
    }

    @Test
    void aCallThatIsCancelledWhileWaitingEndsAndIsNotOpened() {
        HeardCall call = channel.call(FakeChannel.WAITING.withTimeout(Duration.ofHours(1)));
        channel.transport.run();
        call.cancel("enough", null);
        call.cancel("really", null);
        channel.transport.run();

        assertThat(call.heard()).containsExactly("CANCELLED: enough");
        assertThat(channel.transport.nextTimer()).as("the deadline").isNull();
        channel.transport.lastAttempt().ready();
        assertThat(channel.transport.lastAttempt().streams).isEmpty();
    }

    @Test
    void theDeadlineOfACallThatWaitsEndsIt() {
        HeardCall call = channel.call(FakeChannel.WAITING.withTimeout(Duration.ofSeconds(5)));
        channel.transport.run();
        channel.transport.advance(Duration.ofSeconds(5));

        assertThat(call.heard())
                .containsExactly("DEADLINE_EXCEEDED: the deadline passed while waiting for a connection to host:80,"
                        + " which is CONNECTING");
        channel.transport.lastAttempt().ready();
        assertThat(channel.transport.lastAttempt().streams).isEmpty();
    }

    @Test
    void theDeadlineIsTheConnectionsBusinessOnceThereIsOne() {
        channel.call(FakeChannel.WAITING.withTimeout(Duration.ofHours(1)));
        channel.transport.run();
        channel.transport.lastAttempt().ready();

        assertThat(channel.transport.nextTimer()).isNull();
    }
}
