// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.wire.Allocations;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HpackEncoderTest {

    private final HpackEncoder encoder = new HpackEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
    private final ByteBuf out = Unpooled.buffer();

    // RFC 7541, appendix C: the examples without Huffman coding

    @Test
    void rfcExampleLiteralWithIndexing() {
        encoder.indexed(out, "custom-key", "custom-header");

        assertThat(hex()).isEqualTo("400a637573746f6d2d6b65790d637573746f6d2d686561646572");
    }

    @Test
    void rfcExampleLiteralWithoutIndexing() {
        encoder.literal(out, ":path", "/sample/path");

        assertThat(hex()).isEqualTo("040c2f73616d706c652f70617468");
    }

    @Test
    void rfcExampleLiteralNeverIndexed() {
        encoder.neverIndexed(out, "password", "secret");

        assertThat(hex()).isEqualTo("100870617373776f726406736563726574");
    }

    @Test
    void rfcExampleIndexedField() {
        encoder.indexed(out, ":method", "GET");

        assertThat(hex()).isEqualTo("82");
    }

    @Test
    void rfcExampleThreeRequestsOnOneConnection() {
        request(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "www.example.com");
        assertThat(hex()).isEqualTo("828684410f7777772e6578616d706c652e636f6d");

        request(
                ":method",
                "GET",
                ":scheme",
                "http",
                ":path",
                "/",
                ":authority",
                "www.example.com",
                "cache-control",
                "no-cache");
        assertThat(hex()).isEqualTo("828684be58086e6f2d6361636865");

        request(
                ":method",
                "GET",
                ":scheme",
                "https",
                ":path",
                "/index.html",
                ":authority",
                "www.example.com",
                "custom-key",
                "custom-value");
        assertThat(hex()).isEqualTo("828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565");
    }

    // The table

    @Test
    void aRepeatedFieldCostsOneByteWhileItsIndexIsBelow127() {
        encoder.indexed(out, "x-0", "value");
        for (int i = 1; i < 65; i++) {
            encoder.indexed(out, "x-" + i, "value");
        }
        assertThat(bytesOfIndexed("x-0", "value")).isEqualTo(1); // index 126
        assertThat(bytesOfIndexed("x-64", "value")).isEqualTo(1);

        encoder.indexed(out, "x-65", "value");
        assertThat(bytesOfIndexed("x-0", "value")).isEqualTo(2);
        assertThat(bytesOfIndexed("x-1", "value")).isEqualTo(1);
    }

    @Test
    void aFieldIsRememberedAcrossStringsAndAsciiStrings() {
        encoder.indexed(out, new AsciiString("x-key"), new AsciiString("value"));
        assertThat(bytesOfIndexed("x-key", "value")).isEqualTo(1);

        encoder.indexed(out, "x-other", "value");
        int before = out.readableBytes();
        encoder.indexed(out, new AsciiString("x-other"), new AsciiString("value"));
        assertThat(out.readableBytes() - before).isEqualTo(1);
    }

    @Test
    void aFullTableEvictsNothing() throws Exception {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            encoder.indexed(out, "x-name-" + i, "value");
            fields.add("x-name-" + i + ": value");
        }
        assertThat(decode()).isEqualTo(fields);
        assertThat(bytesOfIndexed("x-name-0", "value")).isLessThanOrEqualTo(2);
        assertThat(bytesOfIndexed("x-name-299", "value")).isGreaterThan(2);
    }

    @Test
    void aFieldThatFillsTheTableToTheLastByteIsRemembered() throws Exception {
        String value = "v".repeat(HpackEncoder.DEFAULT_TABLE_SIZE - 32 - 1);
        encoder.indexed(out, "x", value);
        assertThat(bytesOfIndexed("x", value)).isEqualTo(1);
        assertThat(bytesOfIndexed("y", "")).isGreaterThan(1);
        assertThat(bytesOfIndexed("y", "")).isGreaterThan(1);
        assertThat(decode()).hasSize(4);
    }

    @Test
    void aFieldLargerThanTheTableIsALiteral() throws Exception {
        String value = "v".repeat(HpackEncoder.DEFAULT_TABLE_SIZE);
        encoder.indexed(out, "x", value);
        encoder.indexed(out, "x", value);

        assertThat(decode()).containsExactly("x: " + value, "x: " + value);
    }

    @Test
    void literalsAndSecretsAreNotRemembered() throws Exception {
        encoder.literal(out, "x-key", "value");
        encoder.neverIndexed(out, "authorization", "secret");
        int before = out.readableBytes();
        encoder.literal(out, "x-key", "value");
        encoder.neverIndexed(out, "authorization", "secret");

        assertThat(out.readableBytes()).isEqualTo(2 * before);
        assertThat(decode())
                .containsExactly("x-key: value", "authorization: secret", "x-key: value", "authorization: secret");
    }

    @Test
    void aSecretIsWrittenNeverIndexedEvenIfTheSameFieldIsKnown() {
        encoder.indexed(out, "cookie", "a=b");
        out.clear();
        encoder.neverIndexed(out, "cookie", "a=b");

        assertThat(out.readUnsignedByte() & 0xf0).isEqualTo(0x10);
    }

    @Test
    void aNameInTheTableIsReferredToByLiterals() throws Exception {
        encoder.indexed(out, "grpc-status", "0");
        int before = out.readableBytes();
        encoder.literal(out, "grpc-status", "13");

        assertThat(out.readableBytes() - before).isEqualTo(2 + 1 + 2);
        assertThat(decode()).containsExactly("grpc-status: 0", "grpc-status: 13");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 126, 127, 128, 254, 255, 256, 16_510, 16_511, 70_000})
    void stringsOfEveryLengthArriveWhole(int length) throws Exception {
        String value = "v".repeat(length);
        encoder.literal(out, "x-key", value);
        encoder.literal(out, "x-end", "end");

        assertThat(decode()).containsExactly("x-key: " + value, "x-end: end");
    }

    // Table size

    @Test
    void withoutAChangeABlockStartsWithNothing() {
        encoder.beginBlock(out);
        encoder.maxTableSize(4096);
        encoder.beginBlock(out);
        encoder.maxTableSize(0xffffffffL);
        encoder.beginBlock(out);

        assertThat(out.isReadable()).isFalse();
    }

    @Test
    void aSmallerTableThatStillHoldsAllIsToldOnceAndKeepsTheEntries() throws Exception {
        encoder.indexed(out, "x-key", "value");
        decode();
        resize(100);

        encoder.beginBlock(out);
        assertThat(hex()).isEqualTo("3f45"); // 100 in a five-bit prefix
        encoder.indexed(out, "x-key", "value");
        assertThat(out.readableBytes()).isEqualTo(3);
        assertThat(decode()).containsExactly("x-key: value");

        encoder.beginBlock(out);
        assertThat(out.isReadable()).isFalse();
    }

    @Test
    void aTableSmallerThanWhatIsInUseIsEmptiedAndStartedAnew() throws Exception {
        encoder.indexed(out, "x-key", "value");
        encoder.indexed(out, "x-other", "value");
        decode();
        resize(60);

        encoder.beginBlock(out);
        assertThat(hex()).isEqualTo("203f1d"); // 0, then 60
        encoder.indexed(out, "x-key", "value");
        encoder.indexed(out, "x-key", "value");
        encoder.indexed(out, "x-other", "value");
        assertThat(decode()).containsExactly("x-key: value", "x-key: value", "x-other: value");
    }

    @Test
    void aTableIsEmptiedTheSameWayEachTimeItBecomesTooSmall() throws Exception {
        resize(200);
        encoder.beginBlock(out);
        encoder.indexed(out, "x-key", "value");
        encoder.indexed(out, "x-other", "value");
        decode();
        resize(60);

        encoder.beginBlock(out);
        assertThat(hex()).isEqualTo("203f1d");
        encoder.indexed(out, "x-other", "value");
        assertThat(decode()).containsExactly("x-other: value");
    }

    @Test
    void aTableOfNothingIsToldOnceAndNothingIsRemembered() throws Exception {
        encoder.indexed(out, "x-key", "value");
        decode();
        resize(0);

        encoder.beginBlock(out);
        assertThat(hex()).isEqualTo("20");
        encoder.indexed(out, "x-key", "value");
        encoder.indexed(out, "x-key", "value");
        assertThat(decode()).containsExactly("x-key: value", "x-key: value");
    }

    @Test
    void ofSeveralChangesTheSmallestAndTheLastAreTold() throws Exception {
        encoder.indexed(out, "x-key", "value");
        decode();
        resize(200);
        resize(100);
        resize(150);

        encoder.beginBlock(out);
        assertThat(hex()).isEqualTo("3f45" + "3f77");
        encoder.indexed(out, "x-key", "value");
        assertThat(decode()).containsExactly("x-key: value");
    }

    @Test
    void aTableThatShrankAndGrewBackBetweenBlocksIsForgottenAtThePeerToo() throws Exception {
        encoder.indexed(out, "x-key", "value");
        decode();
        resize(0);
        resize(4096);

        encoder.beginBlock(out);
        assertThat(hex()).isEqualTo("20" + "3fe11f");
        encoder.indexed(out, "x-key", "value");
        encoder.indexed(out, "x-key", "value");
        assertThat(decode()).containsExactly("x-key: value", "x-key: value");
    }

    @Test
    void aTableThatGrowsIsToldOnlyItsNewSize() throws Exception {
        resize(100);
        encoder.beginBlock(out);
        decode();
        resize(4096);

        encoder.beginBlock(out);
        assertThat(hex()).isEqualTo("3fe11f");
        decode();
    }

    // Cost

    @Test
    void writingAKnownFieldAllocatesNothing() {
        AsciiString name = new AsciiString("content-type");
        AsciiString value = new AsciiString("application/grpc");
        String otherName = "x-key";
        String otherValue = "value";

        assertThat(Allocations.bytesPerRun(() -> {
                    out.clear();
                    encoder.beginBlock(out);
                    encoder.indexed(out, name, value);
                    encoder.indexed(out, otherName, otherValue);
                }))
                .isZero();
    }

    private void request(String... namesAndValues) {
        out.clear();
        encoder.beginBlock(out);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            encoder.indexed(out, namesAndValues[i], namesAndValues[i + 1]);
        }
    }

    private int bytesOfIndexed(String name, String value) {
        int before = out.readableBytes();
        encoder.indexed(out, name, value);
        return out.readableBytes() - before;
    }

    private void resize(long size) throws Exception {
        encoder.maxTableSize(size);
        decoder.configuration().maxHeaderTableSize(size);
    }

    private String hex() {
        return ByteBufUtil.hexDump(out);
    }

    /** Lets the foreign decoder read everything written since the last call, as one block. */
    private List<String> decode() throws Exception {
        List<String> fields = new ArrayList<>();
        decoder.decodeHeaders(1, out).forEach(field -> fields.add(field.getKey() + ": " + field.getValue()));
        out.clear();
        return fields;
    }
}
