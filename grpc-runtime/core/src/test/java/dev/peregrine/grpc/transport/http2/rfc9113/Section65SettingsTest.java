// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static dev.peregrine.grpc.transport.http2.Verdicts.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.FrameFlag;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9113 §6.5, SETTINGS. */
@Timeout(60)
class Section65SettingsTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @RegisterExtension
    final ClientScript script = new ClientScript();

    @Test
    void settingsAreAcknowledgedEachTime() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Settings(), new Frame.Settings().with(Setting.ENABLE_PUSH, 0), new Frame.Settings());

        peer.expectSettingsAck().expectSettingsAck().expectSettingsAck();
    }

    @Test
    void anAcknowledgementIsNotAcknowledged() {
        ScriptedPeer peer = server.greet();

        peer.send(Frame.Settings.ACK);

        assertThat(peer.pingBarrier(Frame.Settings.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, FrameFlag.ACK})
    void settingsOfAStreamCostTheConnection(int flags) {
        ScriptedPeer peer = server.greet();

        peer.send(raw(FrameType.SETTINGS, flags, 1, ""));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 2, 1", // ENABLE_PUSH
        "2, 4294967295, 1",
        "4, 2147483648, 3", // INITIAL_WINDOW_SIZE: FLOW_CONTROL_ERROR
        "4, 4294967295, 3",
        "5, 0, 1", // MAX_FRAME_SIZE
        "5, 16383, 1",
        "5, 16777216, 1",
        "5, 4294967295, 1"
    })
    void aSettingOutOfRangeCostsTheConnection(int identifier, long value, long errorCode) {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Settings().with(identifier, value));

        expectConnectionError(peer, errorCode);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0",
        "1, 4294967295",
        "2, 0",
        "2, 1",
        "3, 0",
        "3, 4294967295",
        "4, 2147483647",
        "5, 16384",
        "5, 16777215",
        "6, 4294967295"
    })
    void aSettingAtTheEndOfItsRangeIsTaken(int identifier, long value) {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Settings().with(identifier, value));

        peer.expectSettingsAck();
        expectNextCallAnswered(peer, 1);
    }

    /** §6.5.3: in the order they stand, with nothing between. */
    @Test
    void ofASettingThatComesTwiceTheLastCounts() {
        ScriptedPeer peer = server.greet();
        // INITIAL_WINDOW_SIZE 1, then 3: as many octets of "re: hi" behind its prefix.
        peer.send(raw(FrameType.SETTINGS, 0, 0, "00 04 00 00 00 01 00 04 00 00 00 03"));
        peer.expectSettingsAck();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));

        peer.expectHeaders(1);
        assertThat(peer.expectData(1).payload().length()).isEqualTo(3);
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void aServerThatEnablesPushEndsTheConnection() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);

        peer.send(new Frame.Settings().with(Setting.ENABLE_PUSH, 1));

        assertThat(failureOf(call).status().description()).contains("SETTINGS_ENABLE_PUSH may not be 1");
        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void ourClientDoesNotEnablePush() {
        assertThat(script.connected().theirSettings().values()).containsEntry(Setting.ENABLE_PUSH, 0L);
    }
}
