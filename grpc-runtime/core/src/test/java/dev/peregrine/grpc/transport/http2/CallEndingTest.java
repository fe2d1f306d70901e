// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import org.junit.jupiter.api.Test;

class CallEndingTest {

    private static final MetadataKey<byte[]> DETAILS = MetadataKey.binary("grpc-status-details-bin");
    private static final MetadataKey<String> OTHER = MetadataKey.ascii("other");

    /** The fields that are always there, 160, and details of 75 bytes, which are 100 in base64. */
    private static final int SIZE_WITH_DETAILS = 160 + 23 + 100 + 32;

    private static final Metadata TRAILERS = Metadata.of(DETAILS, new byte[75]);

    @Test
    void detailsThatFitStay() {
        CallEnding ending = new CallEnding(Status.of(StatusCode.ABORTED), TRAILERS);

        assertThat(ending.within(SIZE_WITH_DETAILS, null)).isSameAs(ending);
    }

    @Test
    void detailsOneByteTooLargeGoAndTheTextSaysSo() {
        CallEnding ending = new CallEnding(Status.of(StatusCode.ABORTED), TRAILERS).within(SIZE_WITH_DETAILS - 1, null);

        assertThat(ending.trailers().isEmpty()).isTrue();
        assertThat(ending.status().code()).isEqualTo(StatusCode.ABORTED);
        assertThat(ending.status().description())
                .isEqualTo("(grpc-status-details-bin is left out: with it the trailers have 315 bytes, and the caller"
                        + " takes 314)");
    }

    @Test
    void theTextCountsAsItTravels() {
        Status status = Status.of(StatusCode.ABORTED, "ü"); // %C3%BC, in grpc-message.
        CallEnding ending = new CallEnding(status, TRAILERS);
        int size = SIZE_WITH_DETAILS + 12 + 6 + 32;

        assertThat(ending.within(size, null)).isSameAs(ending);
        assertThat(ending.within(size - 1, null).status().description()).startsWith("ü (");
    }

    @Test
    void otherTrailersStayWhereTheyAre() {
        Metadata trailers = TRAILERS.toBuilder().add(OTHER, "1").add(OTHER, "2").build();

        CallEnding ending = new CallEnding(Status.of(StatusCode.ABORTED), trailers).within(200, null);

        assertThat(ending.trailers().getAll(OTHER)).containsExactly("1", "2");
        assertThat(ending.trailers().contains(DETAILS)).isFalse();
    }

    @Test
    void trailersWithoutDetailsAreNotOursToCut() {
        CallEnding ending = new CallEnding(Status.of(StatusCode.ABORTED), Metadata.of(OTHER, "x".repeat(1000)));

        assertThat(ending.within(200, null)).isSameAs(ending);
    }

    @Test
    void aCallThatEndsWellIsLeftAlone() {
        CallEnding ending = new CallEnding(Status.OK, TRAILERS);

        assertThat(ending.within(10, null)).isSameAs(ending);
    }

    @Test
    void whatTheBlockSaysOfEncodingsCounts() {
        CallEnding ending = new CallEnding(Status.of(StatusCode.ABORTED), TRAILERS);
        int size = SIZE_WITH_DETAILS + "grpc-accept-encoding".length() + "identity,gzip".length() + 32;

        assertThat(ending.within(size, "identity,gzip")).isSameAs(ending);
        assertThat(ending.within(size - 1, "identity,gzip").trailers().isEmpty())
                .isTrue();
    }
}
