// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.server.ExecutionMode;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import dev.peregrine.grpc.transport.Limits;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Windows grow where the line carries more than they let through. */
@Timeout(60)
class WindowTuningTest {

    private static final int WINDOW = 65_535;

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final FakeClock clock = new FakeClock();
    private int sent;

    private ScriptedPeer upload(UnaryOperator<Limits> change) {
        server.builder().transport(new Http2Transport(clock));
        ScriptedPeer peer = server.limits(limits -> change.apply(limits.withWindows(WINDOW, WINDOW)))
                .only(Texts.UPLOAD, ExecutionMode.EVENT_LOOP, call -> {
                    call.request(Integer.MAX_VALUE); // Each message is taken as it comes, so that a ping proves it.
                    return new ServerCall.Listener<>() {};
                })
                .dial()
                .withoutPingAck()
                .handshake();
        peer.send(GrpcFrames.request(1, UPLOAD));
        return peer;
    }

    /** Messages of 16,000 bytes with all that belongs to them. */
    private void send(ScriptedPeer peer, int messages) {
        for (int i = 0; i < messages; i++) {
            peer.send(GrpcFrames.data(1, new byte[16_000 - 5]));
            sent += 16_000;
            peer.pingBarrier(Frame.Data.class); // So that the windows are given back.
        }
    }

    private static Frame.Ping expectQuestion(ScriptedPeer peer) {
        return peer.expect(Frame.Ping.class, ping -> !ping.ack());
    }

    private static void answer(ScriptedPeer peer, Frame.Ping question) {
        peer.send(new Frame.Ping(true, question.payload()));
        peer.pingBarrier(Frame.Data.class);
    }

    private static List<Frame.Settings> settings(ScriptedPeer peer) {
        return peer.pingBarrier(Frame.Settings.class).stream()
                .filter(settings -> !settings.ack())
                .toList();
    }

    @Test
    void aWindowThatIsFilledWithinARoundTripBecomesTwiceWhatCame() {
        ScriptedPeer peer = upload(limits -> limits);
        send(peer, 3);
        Frame.Ping question = expectQuestion(peer);
        send(peer, 3);
        clock.advance(Duration.ofMillis(1));
        answer(peer, question);

        Frame.Settings wider = peer.expect(Frame.Settings.class, settings -> !settings.ack());
        assertThat(wider.values()).containsEntry(Setting.INITIAL_WINDOW_SIZE, 2L * 48_000);
    }

    @Test
    void aLineThatCarriesLessThanHalfAWindowLeavesItAsItIs() {
        ScriptedPeer peer = upload(limits -> limits);
        send(peer, 3);
        Frame.Ping question = expectQuestion(peer);
        send(peer, 2);
        clock.advance(Duration.ofMillis(1));
        answer(peer, question);

        assertThat(settings(peer)).isEmpty();
    }

    @Test
    void aLineThatIsNoFasterThanBeforeLeavesTheWindowAsItIs() {
        ScriptedPeer peer = upload(limits -> limits);
        send(peer, 3);
        Frame.Ping question = expectQuestion(peer);
        send(peer, 3);
        clock.advance(Duration.ofMillis(1));
        answer(peer, question);
        peer.expect(Frame.Settings.class, settings -> !settings.ack());

        send(peer, 4);
        question = expectQuestion(peer);
        send(peer, 4);
        clock.advance(Duration.ofMillis(2));
        answer(peer, question);

        assertThat(settings(peer)).isEmpty();
    }

    @Test
    void aWindowGrowsNoFurtherThanItsLimit() {
        ScriptedPeer peer = upload(limits -> limits.withMaxWindow(70_000));
        send(peer, 3);
        Frame.Ping question = expectQuestion(peer);
        send(peer, 3);
        clock.advance(Duration.ofMillis(1));
        answer(peer, question);

        Frame.Settings wider = peer.expect(Frame.Settings.class, settings -> !settings.ack());
        assertThat(wider.values()).containsEntry(Setting.INITIAL_WINDOW_SIZE, 70_000L);
        send(peer, 20);
        assertThat(peer.pingBarrier(Frame.Ping.class)).allMatch(Frame.Ping::ack);
    }

    /** What is promised may lie unread some day. */
    @Test
    void aWindowGrowsNoFurtherThanHalfOfWhatMayLieWithUs() {
        ScriptedPeer peer = upload(limits -> limits.withMaxWindow(1 << 20).withMaxBufferedBytes(140_000));
        send(peer, 3);
        Frame.Ping question = expectQuestion(peer);
        send(peer, 3);
        clock.advance(Duration.ofMillis(1));
        answer(peer, question);

        Frame.Settings wider = peer.expect(Frame.Settings.class, settings -> !settings.ack());
        assertThat(wider.values()).containsEntry(Setting.INITIAL_WINDOW_SIZE, 70_000L);
    }

    @Test
    void streamsThatAreOpenMayUseTheWiderWindow() {
        ScriptedPeer peer = upload(limits -> limits.withMaxWindow(1 << 20));
        send(peer, 3);
        Frame.Ping question = expectQuestion(peer);
        send(peer, 3);
        clock.advance(Duration.ofMillis(1));
        answer(peer, question);
        peer.expect(Frame.Settings.class, settings -> !settings.ack());
        assertThat(peer.expect(Frame.WindowUpdate.class, update -> update.streamId() == 0))
                .isNotNull();

        peer.send(GrpcFrames.request(3, UPLOAD));
        byte[] incomplete = new byte[80_000];
        incomplete[2] = 1; // One of 65,536 bytes and a part of the next.
        for (int i = 0; i < 5; i++) {
            peer.send(new Frame.Data(
                    3, Octets.of(java.util.Arrays.copyOfRange(incomplete, i * 16_000, (i + 1) * 16_000)), false));
        }

        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void withoutAGreaterLimitNothingIsMeasured() {
        ScriptedPeer peer = upload(limits -> limits.withMaxWindow(0));

        send(peer, 20);

        assertThat(peer.pingBarrier(Frame.Ping.class)).allMatch(Frame.Ping::ack);
    }
}
