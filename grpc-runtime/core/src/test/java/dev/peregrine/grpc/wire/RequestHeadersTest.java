// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import io.netty.util.AsciiString;
import org.assertj.core.api.ObjectAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadersTest {

    private final RequestHeaders request = new RequestHeaders();

    @Test
    void aWholeRequestHeadIsClassified() {
        add(":method", "POST", ":scheme", "https", ":path", "/greet.Greeter/SayHello", ":authority", "example.com");
        add("te", "trailers", "grpc-timeout", "200m", "content-type", "application/grpc+proto");
        add("grpc-encoding", "gzip", "grpc-accept-encoding", "identity,gzip", "user-agent", "test/1", "x-key", "value");

        assertField(request.method()).hasToString("POST");
        assertField(request.scheme()).hasToString("https");
        assertField(request.path()).hasToString("/greet.Greeter/SayHello");
        assertField(request.authority()).hasToString("example.com");
        assertField(request.te()).hasToString("trailers");
        assertThat(request.timeoutNanos()).isEqualTo(200_000_000);
        assertField(request.contentType()).hasToString("application/grpc+proto");
        assertField(request.encoding()).hasToString("gzip");
        assertField(request.acceptEncoding()).hasToString("identity,gzip");
        assertThat(request.metadata().names()).containsExactly("user-agent", "x-key");
        assertLawful();
    }

    @Test
    void anEmptyHeadHasNothingAndBreaksNoLawOfOrder() {
        assertField(request.method()).isNull();
        assertField(request.scheme()).isNull();
        assertField(request.path()).isNull();
        assertField(request.authority()).isNull();
        assertField(request.te()).isNull();
        assertField(request.contentType()).isNull();
        assertField(request.encoding()).isNull();
        assertField(request.acceptEncoding()).isNull();
        assertThat(request.timeoutNanos()).isEqualTo(RequestHeaders.NO_TIMEOUT);
        assertThat(request.timeoutMalformed()).isFalse();
        assertThat(request.metadata()).isSameAs(Metadata.EMPTY);
        assertLawful();
    }

    @Test
    void valuesThatAreAsciiStringsAreNotCopied() {
        AsciiString path = new AsciiString("/a/b");
        AsciiString type = new AsciiString("application/grpc");
        request.add(new AsciiString(":path"), path);
        request.add(new AsciiString("content-type"), type);

        assertField(request.path()).isSameAs(path);
        assertField(request.contentType()).isSameAs(type);
    }

    @Test
    void otherSequencesAreAcceptedToo() {
        request.add(":path", "/a/b");
        request.add("x-key", new StringBuilder("value"));

        assertField(request.path()).hasToString("/a/b");
        assertThat(request.metadata().get(MetadataKey.ascii("x-key"))).isEqualTo("value");
    }

    @Test
    void hostSpeaksForAMissingAuthority() {
        add("host", "example.com");

        assertField(request.authority()).hasToString("example.com");
        assertThat(request.hostConflict()).isFalse();
        assertThat(request.metadata().isEmpty()).isTrue();
    }

    @Test
    void authorityGoesBeforeHost() {
        add(":authority", "a.example", "host", "b.example");

        assertField(request.authority()).hasToString("a.example");
        assertThat(request.hostConflict()).isTrue();
    }

    @Test
    void theSameHostInAnyCaseIsNoConflict() {
        add(":authority", "a.example", "host", "A.example", "host", "a.EXAMPLE");

        assertThat(request.hostConflict()).isFalse();
    }

    @Test
    void twoHostsAreAConflict() {
        add("host", "a.example", "host", "b.example", "host", "b.example");

        assertThat(request.hostConflict()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "123456789n", "1x", "-1S"})
    void aMalformedTimeoutIsToldFromNone(String value) {
        add("grpc-timeout", value);

        assertThat(request.timeoutNanos()).isEqualTo(RequestHeaders.MALFORMED_TIMEOUT);
        assertThat(request.timeoutMalformed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {":method", ":scheme", ":path", ":authority"})
    void aPseudoHeaderThatComesTwiceIsNoticedAndTheFirstStays(String name) {
        add(name, "first", name, "second");

        assertThat(request.duplicatePseudo()).isTrue();
        assertThat(request.unknownPseudo()).isFalse();
        assertThat(new AsciiString[] {request.method(), request.scheme(), request.path(), request.authority()})
                .contains(new AsciiString("first"))
                .doesNotContain(new AsciiString("second"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-key",
                "te",
                "content-type",
                "host",
                "grpc-timeout",
                "grpc-status",
                "connection",
                "grpc-accept-encoding"
            })
    void aPseudoHeaderAfterAnyRegularFieldIsNoticed(String regular) {
        add(":method", "POST", regular, "1S");
        assertThat(request.pseudoAfterRegular()).isFalse();

        add(":path", "/a/b");
        assertThat(request.pseudoAfterRegular()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {":status", ":protocol", ":"})
    void aPseudoHeaderThatNoRequestHasIsNoticed(String name) {
        add(name, "200");

        assertThat(request.unknownPseudo()).isTrue();
        assertThat(request.duplicatePseudo()).isFalse();
        assertThat(request.metadata().isEmpty()).isTrue();
    }

    @Test
    void anUnknownPseudoHeaderAfterARegularFieldBreaksBothLaws() {
        add("te", "trailers", ":x", "y");

        assertThat(request.unknownPseudo()).isTrue();
        assertThat(request.pseudoAfterRegular()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"})
    void aFieldThatSpeaksOfAConnectionIsNoticed(String name) {
        add(name, "close");

        assertThat(request.hasConnectionHeader()).isTrue();
        assertThat(request.metadata().isEmpty()).isTrue();
    }

    @Test
    void ofARepeatedRegularFieldTheLastSpeaksAndAListIsJoined() {
        add("content-type", "text/plain", "content-type", "application/grpc");
        add("grpc-accept-encoding", "gzip", "grpc-accept-encoding", "identity");
        add("grpc-timeout", "1x", "grpc-timeout", "1S");

        assertField(request.contentType()).hasToString("application/grpc");
        assertField(request.acceptEncoding()).hasToString("gzip,identity");
        assertThat(request.timeoutNanos()).isEqualTo(1_000_000_000);
    }

    @Test
    void metadataIsMadeOnce() {
        add("x-key", "value");

        assertThat(request.metadata()).isSameAs(request.metadata());
    }

    private void add(String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            request.add(new AsciiString(namesAndValues[i]), new AsciiString(namesAndValues[i + 1]));
        }
    }

    private void assertLawful() {
        assertThat(request.hasConnectionHeader()).isFalse();
        assertThat(request.duplicatePseudo()).isFalse();
        assertThat(request.pseudoAfterRegular()).isFalse();
        assertThat(request.unknownPseudo()).isFalse();
        assertThat(request.hostConflict()).isFalse();
    }

    private static ObjectAssert<Object> assertField(Object value) {
        return assertThat(value);
    }
}
