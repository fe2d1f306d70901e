// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What one peer sends is what the other receives, and what the RFC says stands in between. */
class FrameRoundTripTest {

    private static final List<Header> FIELDS =
            Header.list(":method", "POST", "x-long", "v".repeat(300), "x", "\u00ff\u0080");

    @RegisterExtension
    final Peers peers = new Peers();

    static Stream<Frame> framesOfAStream() {
        return Stream.of(
                new Frame.Data(1, Octets.EMPTY, false),
                new Frame.Data(1, Octets.utf8("hello"), true),
                new Frame.Data(1, Octets.utf8("hello"), false, 1),
                new Frame.Data(1, Octets.utf8("hello"), true, 256),
                new Frame.Headers(3, FIELDS, false),
                new Frame.Headers(3, FIELDS, true).withPadding(17),
                new Frame.Headers(3, FIELDS, true).withContinuations(1),
                new Frame.Headers(3, FIELDS, false).withPadding(1).withContinuations(5),
                new Frame.Headers(3, Header.list("a", "b"), false).withContinuations(40),
                new Frame.Headers(3, List.of(), true),
                new Frame.Priority(3, 1, true, 256),
                new Frame.Priority(3, 0, false, 1),
                new Frame.RstStream(1, ErrorCode.CANCEL),
                new Frame.RstStream(1, 0xffff_ffffL),
                new Frame.WindowUpdate(1, Integer.MAX_VALUE));
    }

    static Stream<Frame> framesOfTheConnection() {
        return Stream.of(
                new Frame.Settings(),
                new Frame.Settings()
                        .with(Setting.MAX_HEADER_LIST_SIZE, 8192)
                        .with(Setting.ENABLE_PUSH, 0)
                        .with(0xffff, 0xffff_ffffL),
                new Frame.Ping(false, Long.MIN_VALUE + 1),
                new Frame.Ping(true, 0x97ACEF001L),
                new Frame.GoAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR, ""),
                new Frame.GoAway(7, 0xffff_ffffL, "zu viele Pings \u2620"),
                new Frame.WindowUpdate(0, 1),
                new Frame.Raw(0xfe, 0xff, 0x7fff_ffff, Octets.utf8("grease")));
    }

    @ParameterizedTest
    @MethodSource({"framesOfAStream", "framesOfTheConnection"})
    void aFrameArrivesAsItWasSent(Frame frame) {
        Pair pair = Pair.afterHandshake(peers);
        Frame open = GrpcFrames.request(1, "/test");
        pair.client().send(open, frame);

        assertThat(pair.server().expect(open.getClass())).isEqualTo(open);
        assertThat(pair.server().expect(frame.getClass())).isEqualTo(frame);
    }

    @Test
    void aPromiseArrivesAsItWasSent() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(GrpcFrames.request(1, "/test"));
        Frame.PushPromise promise = new Frame.PushPromise(1, 2, GrpcFrames.requestHeaders("/style.css"));
        pair.server().send(promise);

        assertThat(pair.client().expect(Frame.PushPromise.class)).isEqualTo(promise);
    }

    @Test
    void framesAreWrittenAsTheRfcDrawsThem() {
        FrameWriter writer = new FrameWriter(new HeaderEncoder());

        assertThat(writer.octets(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0xffff)))
                .isEqualTo(Octets.hex("00 00 06 04 00 00 00 00 00 00 04 00 00 ff ff"));
        assertThat(writer.octets(new Frame.Data(5, Octets.utf8("hi"), true, 3)))
                .isEqualTo(Octets.hex("00 00 05 00 09 00 00 00 05 02 68 69 00 00"));
        assertThat(writer.octets(new Frame.GoAway(3, ErrorCode.CANCEL, "x")))
                .isEqualTo(Octets.hex("00 00 09 07 00 00 00 00 00 00 00 00 03 00 00 00 08 78"));
        assertThat(writer.octets(new Frame.Priority(3, 1, true, 256)))
                .isEqualTo(Octets.hex("00 00 05 02 00 00 00 00 03 80 00 00 01 ff"));
        assertThat(writer.octets(new Frame.Headers(1, Header.list(":method", "POST", ":scheme", "http"), false)
                        .withContinuations(1)))
                .isEqualTo(Octets.hex("00 00 01 01 00 00 00 00 01 83 00 00 01 09 04 00 00 00 01 86"));
    }

    @Test
    void aRawFrameMayLieAboutItsLength() {
        Frame.Raw ping = new Frame.Raw(FrameType.PING, 0, 1 << 31, Octets.hex("01 02"));

        assertThat(ping.octets()).isEqualTo(Octets.hex("00 00 02 06 00 80 00 00 00 01 02"));
        assertThat(ping.octetsClaiming(0x123456)).isEqualTo(Octets.hex("12 34 56 06 00 80 00 00 00 01 02"));
    }

    @Test
    void aHeaderBlockCanBeCutByHand() {
        Pair pair = Pair.afterHandshake(peers);
        List<Header> headers = GrpcFrames.requestHeaders("/by/hand");
        Octets block = pair.client().encodeHeaderBlock(headers);
        pair.client()
                .send(
                        new Frame.Raw(FrameType.HEADERS, FrameFlag.END_STREAM, 1, Octets.EMPTY),
                        new Frame.Continuation(1, block.slice(0, 3), false),
                        new Frame.Continuation(1, block.from(3), true));

        assertThat(pair.server().expectHeaders(1)).isEqualTo(new Frame.Headers(1, headers, true).withContinuations(2));
    }

    @Test
    void thePriorityInHeadersIsReadOver() {
        Pair pair = Pair.afterHandshake(peers);
        Octets block = pair.client().encodeHeaderBlock(FIELDS);
        int flags = FrameFlag.PRIORITY | FrameFlag.END_HEADERS;
        pair.client()
                .send(new Frame.Raw(FrameType.HEADERS, flags, 1, Octets.zeros(5).plus(block)));

        assertThat(pair.server().expectHeaders(1)).isEqualTo(new Frame.Headers(1, FIELDS, false));
    }
}
