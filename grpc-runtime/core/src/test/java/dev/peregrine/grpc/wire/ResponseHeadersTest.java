// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import io.netty.util.AsciiString;
import org.assertj.core.api.ObjectAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadersTest {

    private final ResponseHeaders response = new ResponseHeaders();

    @Test
    void aWholeResponseHeadIsClassified() {
        add(":status", "200", "content-type", "application/grpc", "grpc-encoding", "gzip");
        add("grpc-accept-encoding", "gzip", "grpc-accept-encoding", "identity", "x-key", "value");

        assertThat(response.httpStatus()).isEqualTo(200);
        assertField(response.contentType()).hasToString("application/grpc");
        assertField(response.encoding()).hasToString("gzip");
        assertField(response.acceptEncoding()).hasToString("gzip,identity");
        assertThat(response.grpcStatus()).isEqualTo(ResponseHeaders.ABSENT);
        assertThat(response.grpcMessage()).isNull();
        assertThat(response.status()).isNull();
        assertThat(response.metadata().names()).containsExactly("x-key");
        assertThat(response.hasPseudo()).isTrue();
        assertLawful();
    }

    @Test
    void trailersAreAStatusAMessageAndMetadata() {
        add("grpc-status", "5", "grpc-message", "no such%0Athing", "grpc-status-details-bin", "AQ", "x-key", "value");

        assertThat(response.httpStatus()).isEqualTo(ResponseHeaders.ABSENT);
        assertThat(response.hasPseudo()).isFalse();
        assertThat(response.grpcStatus()).isEqualTo(5);
        assertThat(response.grpcMessage()).isEqualTo("no such\nthing");
        assertThat(response.status()).isEqualTo(Status.of(StatusCode.NOT_FOUND, "no such\nthing"));
        assertThat(response.metadata().names()).containsExactly("grpc-status-details-bin", "x-key");
        assertLawful();
    }

    @Test
    void trailersOnlyAreBothInOne() {
        add(":status", "200", "content-type", "application/grpc", "grpc-status", "12");

        assertThat(response.httpStatus()).isEqualTo(200);
        assertThat(response.status()).isEqualTo(Status.of(StatusCode.UNIMPLEMENTED));
    }

    @Test
    void anEmptyBlockHasNothing() {
        assertThat(response.httpStatus()).isEqualTo(ResponseHeaders.ABSENT);
        assertField(response.contentType()).isNull();
        assertField(response.encoding()).isNull();
        assertField(response.acceptEncoding()).isNull();
        assertThat(response.status()).isNull();
        assertThat(response.metadata()).isSameAs(Metadata.EMPTY);
        assertLawful();
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeIsRead(StatusCode code) {
        add("grpc-status", Integer.toString(code.value()));

        assertThat(response.status()).isEqualTo(Status.of(code));
    }

    @Test
    void successMayHaveAMessage() {
        add("grpc-status", "0", "grpc-message", "fine");

        assertThat(response.status()).isEqualTo(Status.of(StatusCode.OK, "fine"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "42", "999999999"})
    void aNumberThatNamesNoCodeIsUnknownAndShown(String value) {
        add("grpc-status", value, "grpc-message", "the peer's text");

        assertThat(response.grpcStatus()).isEqualTo(Integer.parseInt(value));
        assertThat(response.status().code()).isEqualTo(StatusCode.UNKNOWN);
        assertThat(response.status().description())
                .contains("grpc-status " + value)
                .endsWith(": the peer's text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "OK", "-1", "+1", "1.0", " 0", "0 ", "0x1", "1234567890", "99999999999999"})
    void aStatusThatIsNoNumberIsMalformedAndShown(String value) {
        add("grpc-status", value);

        assertThat(response.grpcStatus()).isEqualTo(ResponseHeaders.MALFORMED);
        assertThat(response.status().code()).isEqualTo(StatusCode.UNKNOWN);
        assertThat(response.status().description()).startsWith("grpc-status " + value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "2000", "2x0", "-20", "abc"})
    void anHttpStatusThatIsNotThreeDigitsCountsAsAbsent(String value) {
        add(":status", value);

        assertThat(response.httpStatus()).isEqualTo(ResponseHeaders.ABSENT);
        assertThat(response.hasPseudo()).isTrue();
    }

    @Test
    void theMessageIsDecodedOnce() {
        add("grpc-message", "caf%C3%A9");

        assertThat(response.grpcMessage()).isEqualTo("caf\u00e9").isSameAs(response.grpcMessage());
    }

    @Test
    void ofARepeatedStatusTheLastSpeaks() {
        add("grpc-status", "0", "grpc-message", "first");
        assertThat(response.status()).isEqualTo(Status.of(StatusCode.OK, "first"));

        add("grpc-status", "13", "grpc-message", "last");
        assertThat(response.status()).isEqualTo(Status.of(StatusCode.INTERNAL, "last"));
    }

    @Test
    void aSecondHttpStatusIsNoticedAndTheFirstStays() {
        add(":status", "200", ":status", "500");

        assertThat(response.duplicatePseudo()).isTrue();
        assertThat(response.httpStatus()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {":path", ":method", ":scheme", ":authority", ":x"})
    void aPseudoHeaderThatNoResponseHasIsNoticed(String name) {
        add(name, "value");

        assertThat(response.unknownPseudo()).isTrue();
        assertThat(response.hasPseudo()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc-status", "grpc-message", "content-type", "grpc-encoding", "te", "x-key"})
    void anHttpStatusAfterAnyRegularFieldIsNoticed(String regular) {
        add(regular, "0", ":status", "200");

        assertThat(response.pseudoAfterRegular()).isTrue();
    }

    @Test
    void aFieldThatSpeaksOfAConnectionIsNoticed() {
        add("transfer-encoding", "chunked");

        assertThat(response.hasConnectionHeader()).isTrue();
    }

    @Test
    void otherSequencesThanAsciiStringsAreAcceptedToo() {
        response.add("grpc-status", "7");
        response.add("x-key", new StringBuilder("value"));

        assertThat(response.status()).isEqualTo(Status.of(StatusCode.PERMISSION_DENIED));
        assertThat(response.metadata().get(MetadataKey.ascii("x-key"))).isEqualTo("value");
    }

    private void add(String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            response.add(new AsciiString(namesAndValues[i]), new AsciiString(namesAndValues[i + 1]));
        }
    }

    private void assertLawful() {
        assertThat(response.hasConnectionHeader()).isFalse();
        assertThat(response.duplicatePseudo()).isFalse();
        assertThat(response.pseudoAfterRegular()).isFalse();
        assertThat(response.unknownPseudo()).isFalse();
    }

    private static ObjectAssert<Object> assertField(Object value) {
        return assertThat(value);
    }
}
