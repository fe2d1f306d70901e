// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HPACK on both sides of a connection. */
class HeaderBlockTest {

    private static final List<Header> FIELDS = Header.list("x-first", "once", "x-second", "twice");

    @RegisterExtension
    final Peers peers = new Peers();

    @Test
    void fieldsKeepTheirOrderAndOctets() throws ProtocolBreach {
        List<Header> lawless = Header.list("Upper", " v ", ":late", "", "x", "\u0000\u007f\u0080\u00ff", "x", "again");

        assertThat(new HeaderDecoder().decode(1, new HeaderEncoder().encode(1, lawless)))
                .isEqualTo(lawless);
    }

    @Test
    void aFieldSentBeforeTravelsAsAnIndex() throws ProtocolBreach {
        HeaderEncoder encoder = new HeaderEncoder();
        HeaderDecoder decoder = new HeaderDecoder();
        Octets first = encoder.encode(1, FIELDS);
        Octets second = encoder.encode(3, FIELDS);

        assertThat(second.length()).isEqualTo(2).isLessThan(first.length());
        assertThat(decoder.decode(1, first)).isEqualTo(FIELDS);
        assertThat(decoder.decode(3, second)).isEqualTo(FIELDS);
    }

    @Test
    void bothTablesStayInStepThroughAConversation() {
        Pair pair = Pair.afterHandshake(peers);
        for (int streamId = 1; streamId < 400; streamId += 2) {
            Frame.Headers headers = GrpcFrames.request(streamId, "/method/" + streamId % 70)
                    .plus("x-token", "t".repeat(streamId))
                    .withContinuations(streamId % 3);
            pair.client().send(headers);

            assertThat(pair.server().expectHeaders(streamId)).isEqualTo(headers);
        }
    }

    @Test
    void aTableSizeOfZeroIsObeyedOnceAcknowledged() {
        Frame.Settings noTable = new Frame.Settings().with(Setting.HEADER_TABLE_SIZE, 0);
        Pair pair = Pair.afterHandshake(peers, new Frame.Settings(), noTable);
        pair.client().send(new Frame.Headers(1, FIELDS, false), new Frame.Headers(3, FIELDS, false));

        assertThat(pair.server().expectHeaders(1).headers()).isEqualTo(FIELDS);
        assertThat(pair.server().expectHeaders(3).headers()).isEqualTo(FIELDS);
        assertThat(pair.client().encodeHeaderBlock(FIELDS).length()).isGreaterThan(10);
    }

    @Test
    void headersCanBeChangedOneFieldAtATime() {
        Frame.Headers headers = new Frame.Headers(1, Header.list("a", "1", "b", "2", "a", "3"), false);

        assertThat(headers.with("a", "9").headers()).isEqualTo(Header.list("a", "9", "b", "2", "a", "3"));
        assertThat(headers.with("c", "9").headers()).isEqualTo(Header.list("a", "1", "b", "2", "a", "3", "c", "9"));
        assertThat(headers.plus("b", "9").headers()).isEqualTo(Header.list("a", "1", "b", "2", "a", "3", "b", "9"));
        assertThat(headers.without("a").headers()).isEqualTo(Header.list("b", "2"));
        assertThat(headers.andEndStream().endStream()).isTrue();
    }
}
