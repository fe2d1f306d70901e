// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import org.junit.jupiter.api.Test;

class StatusDetailsTest {

    private static final ErrorInfo FIRST =
            ErrorInfo.newBuilder().setReason("FIRST").build();
    private static final ErrorInfo SECOND =
            ErrorInfo.newBuilder().setReason("SECOND").build();
    private static final RetryInfo RETRY = RetryInfo.newBuilder()
            .setRetryDelay(Duration.newBuilder().setSeconds(3))
            .build();

    @Test
    void whatIsPutInComesOut() {
        StatusException failure = StatusDetails.exception(StatusCode.UNAVAILABLE, "later", FIRST, RETRY, SECOND);

        assertThat(failure.code()).isEqualTo(StatusCode.UNAVAILABLE);
        assertThat(failure.status().description()).isEqualTo("later");
        StatusDetails details = StatusDetails.of(failure);
        assertThat(details.first(ErrorInfo.class)).contains(FIRST);
        assertThat(details.all(ErrorInfo.class)).containsExactly(FIRST, SECOND);
        assertThat(details.first(RetryInfo.class)).contains(RETRY);
        assertThat(details.first(BadRequest.class)).isEmpty();
        assertThat(details.all(BadRequest.class)).isEmpty();
        assertThat(details.flaw()).isNull();
        assertThat(details.status().getMessage()).isEqualTo("later");
    }

    @Test
    void aStatusOfGoogleRpcTravelsAsItIs() {
        com.google.rpc.Status status = com.google.rpc.Status.newBuilder()
                .setCode(StatusCode.NOT_FOUND.value())
                .addDetails(Any.pack(FIRST))
                .build();

        StatusException failure = StatusDetails.exception(status);

        assertThat(failure.status()).isEqualTo(Status.of(StatusCode.NOT_FOUND));
        assertThat(StatusDetails.of(failure).status()).isEqualTo(status);
    }

    @Test
    void furtherTrailersStayAndOldDetailsGo() {
        MetadataKey<String> own = MetadataKey.ascii("own");
        Metadata trailers = Metadata.builder()
                .add(own, "x")
                .add(StatusDetails.KEY, new byte[] {1})
                .build();

        StatusException failure = StatusDetails.exception(status(StatusCode.ABORTED), trailers);

        assertThat(failure.trailers().get(own)).isEqualTo("x");
        assertThat(failure.trailers().getAll(StatusDetails.KEY)).hasSize(1);
        assertThat(StatusDetails.of(failure).flaw()).isNull();
    }

    @Test
    void aPackedDetailIsNotPackedAgain() {
        StatusException failure = StatusDetails.exception(StatusCode.ABORTED, "", Any.pack(FIRST));

        assertThat(StatusDetails.of(failure).first(ErrorInfo.class)).contains(FIRST);
    }

    @Test
    void successHasNoDetails() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StatusDetails.exception(status(StatusCode.OK)))
                .withMessageContaining("code of google.rpc.Status: 0 (expected: 1 to 16");
    }

    @Test
    void aCodeThatIsNotOneOfGrpcsIsRefused() {
        com.google.rpc.Status status =
                com.google.rpc.Status.newBuilder().setCode(99).build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> StatusDetails.exception(status))
                .withMessageContaining("99 (expected: 1 to 16");
    }

    @Test
    void aStatusWithoutDetailsIsStillAStatus() {
        StatusDetails details = StatusDetails.of(new StatusException(StatusCode.INTERNAL, "oops"));

        assertThat(details.status().getCode()).isEqualTo(StatusCode.INTERNAL.value());
        assertThat(details.status().getMessage()).isEqualTo("oops");
        assertThat(details.status().getDetailsList()).isEmpty();
        assertThat(details.flaw()).isNull();
    }

    @Test
    void detailsThatContradictTheStatusAreLeftOutAndTheFlawIsTold() {
        StatusDetails details = StatusDetails.of(
                Status.of(StatusCode.NOT_FOUND, "no such cat"),
                StatusDetails.exception(StatusCode.ABORTED, "other", FIRST).trailers());

        assertThat(details.status().getCode()).isEqualTo(StatusCode.NOT_FOUND.value());
        assertThat(details.status().getMessage()).isEqualTo("no such cat");
        assertThat(details.all(ErrorInfo.class)).isEmpty();
        assertThat(details.flaw())
                .isEqualTo("grpc-status-details-bin has code 10, but the call ended with 5 (NOT_FOUND)");
    }

    @Test
    void detailsWithoutACodeContradictNothing() {
        byte[] codeless = com.google.rpc.Status.newBuilder()
                .addDetails(Any.pack(FIRST))
                .build()
                .toByteArray();

        StatusDetails details =
                StatusDetails.of(Status.of(StatusCode.NOT_FOUND), Metadata.of(StatusDetails.KEY, codeless));

        assertThat(details.first(ErrorInfo.class)).contains(FIRST);
        assertThat(details.status().getCode()).isEqualTo(StatusCode.NOT_FOUND.value());
    }

    @Test
    void bytesThatAreNoStatusDoNotHideTheStatus() {
        StatusDetails details = StatusDetails.of(
                Status.of(StatusCode.NOT_FOUND, "no such cat"),
                Metadata.of(StatusDetails.KEY, new byte[] {(byte) 0xff, 1, 2}));

        assertThat(details.status().getCode()).isEqualTo(StatusCode.NOT_FOUND.value());
        assertThat(details.status().getMessage()).isEqualTo("no such cat");
        assertThat(details.flaw()).startsWith("grpc-status-details-bin is not a valid google.rpc.Status: ");
    }

    @Test
    void aDetailThatCannotBeDecodedDoesNotHideTheNext() {
        Any broken = Any.pack(FIRST).toBuilder()
                .setValue(ByteString.copyFrom(new byte[] {(byte) 0xff, 1, 2}))
                .build();

        StatusDetails details = StatusDetails.of(StatusDetails.exception(StatusCode.ABORTED, "", broken, SECOND));

        assertThat(details.first(ErrorInfo.class)).contains(SECOND);
        assertThat(details.all(ErrorInfo.class)).containsExactly(SECOND);
        assertThat(details.status().getDetailsList()).hasSize(2);
    }

    @Test
    void aDetailOfAnUnknownTypeIsKept() {
        Any unknown =
                Any.newBuilder().setTypeUrl("type.googleapis.com/test.Unknown").build();

        StatusDetails details = StatusDetails.of(StatusDetails.exception(StatusCode.ABORTED, "", unknown));

        assertThat(details.status().getDetailsList()).containsExactly(unknown);
        assertThat(details).hasToString("StatusDetails[ABORTED: test.Unknown]");
    }

    private static com.google.rpc.Status status(StatusCode code) {
        return com.google.rpc.Status.newBuilder().setCode(code.value()).build();
    }
}
