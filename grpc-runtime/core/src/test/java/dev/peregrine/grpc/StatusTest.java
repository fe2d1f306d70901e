// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusTest {

    @ParameterizedTest
    @CsvSource({
        "0, OK",
        "1, CANCELLED",
        "2, UNKNOWN",
        "3, INVALID_ARGUMENT",
        "4, DEADLINE_EXCEEDED",
        "5, NOT_FOUND",
        "6, ALREADY_EXISTS",
        "7, PERMISSION_DENIED",
        "8, RESOURCE_EXHAUSTED",
        "9, FAILED_PRECONDITION",
        "10, ABORTED",
        "11, OUT_OF_RANGE",
        "12, UNIMPLEMENTED",
        "13, INTERNAL",
        "14, UNAVAILABLE",
        "15, DATA_LOSS",
        "16, UNAUTHENTICATED",
    })
    void theNumbersAreThoseOfTheSpecification(int value, StatusCode code) {
        assertThat(code.value()).isEqualTo(value);
        assertThat(StatusCode.of(value)).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 17, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aNumberBeyondThemIsUnknown(int value) {
        assertThat(StatusCode.of(value)).isEqualTo(StatusCode.UNKNOWN);
    }

    @Test
    void aStatusWithoutTextIsMadeOnce() {
        assertThat(Status.of(StatusCode.ABORTED)).isSameAs(Status.of(StatusCode.ABORTED));
        assertThat(Status.of(StatusCode.ABORTED, null)).isSameAs(Status.of(StatusCode.ABORTED));
        assertThat(Status.of(StatusCode.OK)).isSameAs(Status.OK);
    }

    @Test
    void onlyOkIsOk() {
        for (StatusCode code : StatusCode.values()) {
            assertThat(Status.of(code).isOk()).isEqualTo(code == StatusCode.OK);
        }
    }

    @Test
    void aStatusPrintsItsCodeAndText() {
        assertThat(Status.of(StatusCode.ABORTED)).hasToString("ABORTED");
        assertThat(Status.of(StatusCode.ABORTED, "why")).hasToString("ABORTED: why");
    }

    @Test
    void anExceptionCarriesStatusTrailersAndCause() {
        Throwable cause = new IllegalStateException();
        Metadata trailers = Metadata.of(MetadataKey.ascii("k"), "v");
        StatusException thrown =
                Status.of(StatusCode.ABORTED, "why").withCause(cause).asException(trailers);

        assertThat(thrown).hasMessage("ABORTED: why").hasCause(cause);
        assertThat(thrown.code()).isEqualTo(StatusCode.ABORTED);
        assertThat(thrown.trailers()).isSameAs(trailers);
        assertThat(Status.of(StatusCode.ABORTED).asException().trailers().isEmpty())
                .isTrue();
    }

    @Test
    void successIsNoException() {
        assertThatIllegalArgumentException()
                .isThrownBy(Status.OK::asException)
                .withMessage("a StatusException needs a status other than OK");
    }
}
