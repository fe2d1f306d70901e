// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownNameTest {

    @ParameterizedTest
    @CsvSource({
        ":method, METHOD",
        ":scheme, SCHEME",
        ":path, PATH",
        ":authority, AUTHORITY",
        ":status, STATUS",
        "content-type, CONTENT_TYPE",
        "te, TE",
        "host, HOST",
        "grpc-timeout, GRPC_TIMEOUT",
        "grpc-encoding, GRPC_ENCODING",
        "grpc-accept-encoding, GRPC_ACCEPT_ENCODING",
        "grpc-status, GRPC_STATUS",
        "grpc-message, GRPC_MESSAGE",
        "connection, CONNECTION_SPECIFIC",
        "keep-alive, CONNECTION_SPECIFIC",
        "proxy-connection, CONNECTION_SPECIFIC",
        "transfer-encoding, CONNECTION_SPECIFIC",
        "upgrade, CONNECTION_SPECIFIC"
    })
    void aNameWithAMeaningIsKnownInEveryKindOfText(String name, KnownName known) {
        assertThat(KnownName.of(name)).isEqualTo(known);
        assertThat(KnownName.of(new AsciiString(name))).isEqualTo(known);
        assertThat(KnownName.of(new StringBuilder(name))).isEqualTo(known);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":",
                ":x",
                ":paths",
                ":pat",
                ":pbth",
                ":methox",
                ":schemx",
                ":statux",
                ":authoritx",
                ":protocol",
                "::path"
            })
    void everyOtherNameWithAColonInFrontIsAnUnknownPseudoHeader(String name) {
        assertThat(KnownName.of(new AsciiString(name))).isEqualTo(KnownName.UNKNOWN_PSEUDO);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "tf",
                "hosu",
                "upgrad",
                "upgradf",
                "keep-alivf",
                "connectioo",
                "content-typf",
                "grpc-timeouu",
                "grpc-statut",
                "grpc-messagf",
                "grpc-encodinh",
                "grpc-accept-encodinh",
                "grpc-status-details-bin",
                "grpc-previous-rpc-attempts",
                "user-agent",
                "x-request-id",
                "transfer-encodinh",
                "proxy-connectioo",
                "TE"
            })
    void everyOtherNameIsCustom(String name) {
        assertThat(KnownName.of(new AsciiString(name))).isEqualTo(KnownName.CUSTOM);
    }
}
