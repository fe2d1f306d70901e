// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TranscriptTest {

    @RegisterExtension
    final Peers peers = new Peers();

    @Test
    void bothSidesAreWrittenInOrder() {
        Pair pair = Pair.silent(peers);
        ScriptedPeer client = pair.client().withoutSettingsAck();
        client.sendPreface()
                .send(new Frame.Settings().with(Setting.ENABLE_PUSH, 0).with(0xfe03, 1))
                .send(new Frame.Headers(1, Header.list(":method", "POST", "te", "trailers"), false))
                .send(new Frame.Data(1, Octets.hex("00 00 00 00 02 08 01"), true, 3));
        pair.server()
                .send(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 1 << 20))
                .send(new Frame.WindowUpdate(0, 983_041))
                .send(new Frame.RstStream(1, ErrorCode.CANCEL));
        client.expectRstStream(1, ErrorCode.CANCEL);

        assertThat(client.transcript()).isEqualTo("""
                -> preface
                -> SETTINGS(ENABLE_PUSH=0, 0xfe03=1)
                -> HEADERS(1, {:method: POST, te: trailers})
                -> DATA(1, 7 octets: 00 00 00 00 02 08 01, padding 3, END_STREAM)
                <- SETTINGS(INITIAL_WINDOW_SIZE=1048576)
                <- WINDOW_UPDATE(0, +983041)
                <- RST_STREAM(1, CANCEL)""");
    }

    @Test
    void rawOctetsAreShownInHex() {
        ScriptedPeer client = Pair.silent(peers).client();

        client.sendRaw(Octets.latin1("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));

        assertThat(client.transcript())
                .isEqualTo("-> raw 35 octets: 47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a 48 6f 73 74 3a 20 6c 6f"
                        + " ...");
    }

    @Test
    void everyFrameHasItsWords() {
        assertThat(new Frame.Headers(3, Header.list("a", "b"), true)
                        .withPadding(2)
                        .withContinuations(4))
                .hasToString("HEADERS(3, {a: b}, padding 2, +4 CONTINUATION, END_STREAM)");
        assertThat(new Frame.Priority(3, 1, true, 16)).hasToString("PRIORITY(3, on 1, weight 16, EXCLUSIVE)");
        assertThat(new Frame.RstStream(3, 0xbad)).hasToString("RST_STREAM(3, 0xbad)");
        assertThat(Frame.Settings.ACK).hasToString("SETTINGS(ACK)");
        assertThat(new Frame.PushPromise(1, 2, Header.list("a", "b")))
                .hasToString("PUSH_PROMISE(1, promises 2, {a: b})");
        assertThat(new Frame.Ping(true, 255)).hasToString("PING(ACK, 0xff)");
        assertThat(new Frame.GoAway(5, ErrorCode.ENHANCE_YOUR_CALM, "too many"))
                .hasToString("GOAWAY(last 5, ENHANCE_YOUR_CALM, \"too many\")");
        assertThat(new Frame.GoAway(5, ErrorCode.NO_ERROR, "")).hasToString("GOAWAY(last 5, NO_ERROR)");
        assertThat(new Frame.Continuation(1, Octets.hex("82"), true))
                .hasToString("CONTINUATION(1, 1 octets: 82, END_HEADERS)");
        assertThat(new Frame.Raw(FrameType.PING, FrameFlag.ACK, -1, Octets.EMPTY))
                .hasToString("RAW PING(4294967295, flags 0x1, 0 octets)");
    }

    @Test
    void equalLinesInARowAreCounted() {
        Transcript transcript = new Transcript();
        transcript.said("PING");
        transcript.said("PING");
        transcript.heard("PING");
        transcript.said("PING");

        assertThat(transcript.text()).isEqualTo("-> PING  (2 times)\n<- PING\n-> PING");
    }

    @Test
    void theMiddleOfAFloodIsForgotten() {
        Transcript transcript = new Transcript();
        for (int i = 1; i <= 100_000; i++) {
            transcript.said(i);
        }

        assertThat(transcript.text().lines())
                .hasSize(251)
                .startsWith("-> 1", "-> 2")
                .contains("   ... 99750 lines ...")
                .endsWith("-> 99999", "-> 100000");
    }
}
