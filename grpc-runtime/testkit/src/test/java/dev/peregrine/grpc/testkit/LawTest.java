// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer is a witness: it says so when the other side breaks RFC 9113. */
class LawTest {

    @RegisterExtension
    final Peers peers = new Peers();

    static Stream<Arguments> lawlessOctets() {
        return Stream.of(
                arguments("4.1", "00 00 08 06 00 80 00 00 00 00 00 00 00 00 00 00 00"),
                arguments("4.2", "00 40 01 00 00 00 00 00 01"),
                arguments("6", "00 00 00 00 00 00 00 00 00"),
                arguments("6", "00 00 08 06 00 00 00 00 01 00 00 00 00 00 00 00 00"),
                arguments("6.1", "00 00 02 00 08 00 00 00 01 02 00"),
                arguments("6.1", "00 00 00 00 08 00 00 00 01"),
                arguments("6.2", "00 00 02 01 24 00 00 00 03 00 00"),
                arguments("6.3", "00 00 04 02 00 00 00 00 01 00 00 00 00"),
                arguments("6.4", "00 00 05 03 00 00 00 00 01 00 00 00 00 00"),
                arguments("6.5", "00 00 05 04 00 00 00 00 00 00 00 00 00 00"),
                arguments("6.5", "00 00 06 04 01 00 00 00 00 00 04 00 00 00 00"),
                arguments("6.7", "00 00 07 06 00 00 00 00 00 00 00 00 00 00 00 00"),
                arguments("6.8", "00 00 07 07 00 00 00 00 00 00 00 00 00 00 00 00"),
                arguments("6.9", "00 00 04 08 00 00 00 00 00 00 00 00 00"),
                arguments("6.10", "00 00 00 09 04 00 00 00 01"),
                arguments("6.10", "00 00 00 01 00 00 00 00 03 00 00 00 00 00 00 00 00 01"),
                arguments("6.10", "00 00 00 01 00 00 00 00 03 00 00 00 09 04 00 00 00 05"),
                arguments("4.3", "00 00 01 01 04 00 00 00 03 80"));
    }

    @ParameterizedTest
    @MethodSource("lawlessOctets")
    void lawlessOctetsAreABreach(String section, String octets) {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(GrpcFrames.request(1, "/test")).sendRaw(Octets.hex(octets));
        pair.server().expectHeaders(1);

        assertBreach(pair.server(), section);
    }

    static Stream<Arguments> lawlessFramesOfAClient() {
        Frame open = GrpcFrames.request(3, "/test");
        Frame close = GrpcFrames.endOfMessages(3);
        Frame reset = new Frame.RstStream(3, ErrorCode.CANCEL);
        return Stream.of(
                arguments("5.1", frames(GrpcFrames.endOfMessages(5))),
                arguments("5.1", frames(new Frame.WindowUpdate(5, 1))),
                arguments("5.1", frames(new Frame.RstStream(5, ErrorCode.CANCEL))),
                arguments("5.1", frames(open, close, close)),
                arguments("5.1", frames(open, close, GrpcFrames.end(3, 0))),
                arguments("5.1", frames(open, reset, reset)),
                arguments("5.1", frames(open, reset, new Frame.WindowUpdate(3, 1))),
                arguments("5.1.1", frames(GrpcFrames.request(2, "/test"))),
                arguments("5.1.1", frames(open, GrpcFrames.request(1, "/test"))),
                arguments("6.5.3", frames(Frame.Settings.ACK)),
                arguments("6.8", frames(new Frame.GoAway(0, 0, ""), new Frame.GoAway(2, 0, ""))),
                arguments("8.1", frames(open, open)),
                arguments("8.2.1", frames(GrpcFrames.request(3, "/test").plus("Upper", "x"))),
                arguments("8.2.1", frames(GrpcFrames.request(3, "/test").plus("x", "a\nb"))),
                arguments("8.2.1", frames(GrpcFrames.request(3, "/test").plus("x", " a"))),
                arguments("8.2.2", frames(GrpcFrames.request(3, "/test").plus("connection", "close"))),
                arguments("8.2.2", frames(GrpcFrames.request(3, "/test").with("te", "gzip"))),
                arguments("8.3", frames(GrpcFrames.request(3, "/test").plus(":late", "x"))));
    }

    @ParameterizedTest
    @MethodSource("lawlessFramesOfAClient")
    void lawlessFramesAreABreach(String section, Frame[] frames) {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(frames);

        assertBreach(pair.server(), section);
    }

    static Stream<Arguments> lawlessFramesOfAServer() {
        return Stream.of(
                arguments("5.1", frames(new Frame.Data(1, Octets.EMPTY, false))),
                arguments("5.1.1", frames(GrpcFrames.response(3))),
                arguments("8.1", frames(GrpcFrames.response(1), GrpcFrames.response(1))));
    }

    @ParameterizedTest
    @MethodSource("lawlessFramesOfAServer")
    void lawlessAnswersAreABreach(String section, Frame[] frames) {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(GrpcFrames.request(1, "/test"));
        pair.server().send(frames);

        assertBreach(pair.client(), section);
    }

    @Test
    void anInformationalResponseIsLawful() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(GrpcFrames.request(1, "/test"));
        pair.server()
                .send(new Frame.Headers(1, Header.list(":status", "103"), false))
                .send(GrpcFrames.response(1), GrpcFrames.end(1, 0));

        assertThat(pair.client().expectHeaders(1).first(":status")).contains("103");
        assertThat(GrpcResponse.collect(pair.client(), 1).status()).isZero();
    }

    @Test
    void anotherPrefaceIsABreach() {
        Pair pair = Pair.silent(peers);
        pair.client().sendRaw(Octets.latin1("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));

        assertBreach(pair.server(), "3.4");
    }

    @Test
    void anythingBeforeSettingsIsABreach() {
        Pair pair = Pair.silent(peers);
        pair.client().sendPreface().send(new Frame.Ping(false, 1));

        assertBreach(pair.server(), "3.4");
    }

    @Test
    void dataBeyondTheStreamWindowIsABreach() {
        Frame.Settings small = new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 10);
        Pair pair = Pair.afterHandshake(peers, new Frame.Settings(), small);
        pair.server().withoutWindowUpdates();
        pair.client().send(GrpcFrames.request(1, "/test"), new Frame.Data(1, Octets.zeros(8), false, 2));
        pair.server().expectHeaders(1);
        pair.server().expectData(1);
        pair.client().send(new Frame.Data(1, Octets.zeros(1), false));

        assertBreach(pair.server(), "6.9.1");
    }

    @Test
    void dataBeyondTheConnectionWindowIsABreach() {
        Frame.Settings large = new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 1 << 20);
        Pair pair = Pair.afterHandshake(peers, new Frame.Settings(), large);
        pair.server().withoutWindowUpdates();
        pair.client().send(GrpcFrames.request(1, "/test"));
        pair.server().expectHeaders(1);
        for (int sent = 0; sent < 65_535; sent += 13_107) {
            pair.client().send(new Frame.Data(1, Octets.zeros(13_107), false));
            pair.server().expectData(1);
        }
        pair.client().send(new Frame.Data(1, Octets.zeros(1), false));

        assertBreach(pair.server(), "6.9.1");
    }

    @Test
    void grantedCreditMayBeUsed() {
        Frame.Settings none = new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0);
        Pair pair = Pair.afterHandshake(peers, new Frame.Settings(), none);
        pair.server().withoutWindowUpdates();
        pair.client().send(GrpcFrames.request(1, "/test"));
        pair.server().expectHeaders(1);
        pair.server().send(new Frame.WindowUpdate(1, 3));
        pair.client().expectWindowUpdate(1);
        pair.client().send(new Frame.Data(1, Octets.zeros(3), false), new Frame.Data(1, Octets.EMPTY, true));

        assertThat(pair.server().expectData(1).payload()).isEqualTo(Octets.zeros(3));
        assertThat(pair.server().expectData(1).endStream()).isTrue();
    }

    @Test
    void framesOfTheAnnouncedSizeAreLawful() {
        Frame.Settings large = new Frame.Settings().with(Setting.MAX_FRAME_SIZE, 20_000);
        Pair pair = Pair.afterHandshake(peers, new Frame.Settings(), large);
        pair.client().send(GrpcFrames.request(1, "/test"), new Frame.Data(1, Octets.zeros(20_000), false));
        pair.server().expectHeaders(1);

        assertThat(pair.server().expectData(1).payload().length()).isEqualTo(20_000);
    }

    @Test
    void afterRawOctetsCreditIsNotCountedAnyMore() {
        Frame.Settings none = new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0);
        Pair pair = Pair.afterHandshake(peers, new Frame.Settings(), none);
        pair.client().send(GrpcFrames.request(1, "/test"));
        pair.server().expectHeaders(1);
        pair.server().sendRaw(new FrameWriter(new HeaderEncoder()).octets(new Frame.WindowUpdate(1, 3)));
        pair.client().expectWindowUpdate(1);
        pair.client().send(new Frame.Data(1, Octets.zeros(3), false));

        pair.server().expectData(1);
    }

    @Test
    void aBreachThatNobodyNoticedIsReportedOnClosing() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(Frame.Settings.ACK);
        Pair.awaitEnd(pair.server());

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(pair.server()::close)
                .withMessageStartingWith("unnoticed so far: breach of protocol: ");
        assertThatCode(pair.server()::close).doesNotThrowAnyException();
    }

    @Test
    void aStreamThatEndsWithinAFrameIsClosedAndSaysWhere() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().sendRaw(Octets.hex("00 00 08 06 00 00 00 00 00 01 02")).halfClose();

        assertThat(pair.server().expectClosed()).isEmpty();
        assertThat(pair.server().transcript())
                .endsWith("<- (stream ended within RAW PING(0, flags 0x0, 0 octets), after 2 of 8 octets of payload)");
    }

    private static void assertBreach(ScriptedPeer witness, String section) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(witness::expectClosed)
                .withMessageContaining("ended with a breach of protocol: ")
                .withMessageContaining("(RFC 9113, section " + section + ")\n");
    }

    private static Frame[] frames(Frame... frames) {
        return frames;
    }
}
