// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusMappingTest {

    @ParameterizedTest
    @CsvSource({
        "400, INTERNAL",
        "401, UNAUTHENTICATED",
        "403, PERMISSION_DENIED",
        "404, UNIMPLEMENTED",
        "429, UNAVAILABLE",
        "502, UNAVAILABLE",
        "503, UNAVAILABLE",
        "504, UNAVAILABLE",
        "200, UNKNOWN",
        "302, UNKNOWN",
        "405, UNKNOWN",
        "415, UNKNOWN",
        "431, UNKNOWN",
        "500, UNKNOWN",
        "999, UNKNOWN",
        "-1, UNKNOWN"
    })
    void anHttpStatusMeansWhatTheSpecificationsTableSays(int httpStatus, StatusCode code) {
        Status status = StatusMapping.ofHttpStatus(httpStatus);

        assertThat(status.code()).isEqualTo(code);
        assertThat(status.description()).contains("HTTP status " + httpStatus).contains("no valid grpc-status");
    }

    @ParameterizedTest
    @CsvSource({
        "0x0, NO_ERROR, INTERNAL",
        "0x1, PROTOCOL_ERROR, INTERNAL",
        "0x2, INTERNAL_ERROR, INTERNAL",
        "0x3, FLOW_CONTROL_ERROR, INTERNAL",
        "0x4, SETTINGS_TIMEOUT, INTERNAL",
        "0x5, STREAM_CLOSED, INTERNAL",
        "0x6, FRAME_SIZE_ERROR, INTERNAL",
        "0x7, REFUSED_STREAM, UNAVAILABLE",
        "0x8, CANCEL, CANCELLED",
        "0x9, COMPRESSION_ERROR, INTERNAL",
        "0xa, CONNECT_ERROR, INTERNAL",
        "0xb, ENHANCE_YOUR_CALM, RESOURCE_EXHAUSTED",
        "0xc, INADEQUATE_SECURITY, PERMISSION_DENIED",
        "0xd, HTTP_1_1_REQUIRED, INTERNAL",
        "0xe, unknown, INTERNAL",
        "0xffffffff, unknown, INTERNAL"
    })
    void anHttp2ErrorMeansWhatTheSpecificationsTableSaysAndIsNamedAsInTheRfc(String hex, String name, StatusCode code) {
        Status status = StatusMapping.ofHttp2Error(Long.decode(hex), "the server reset the stream");

        assertThat(status.code()).isEqualTo(code);
        assertThat(status.description())
                .startsWith("the server reset the stream: ")
                .contains(name)
                .contains(hex);
    }

    @Test
    void theTextsThatTheSpecificationAsksForAreThere() {
        assertThat(StatusMapping.ofHttp2Error(0xb, "reset").description()).contains("bandwidth");
        assertThat(StatusMapping.ofHttp2Error(0xc, "reset").description()).contains("not secure enough");
        assertThat(StatusMapping.ofHttp2Error(0x7, "reset").description()).contains("not processed");
    }
}
