// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.wire.ErrorCode;
import org.junit.jupiter.api.Test;

class EmptyDataGuardTest {

    private final EmptyDataGuard guard = new EmptyDataGuard();

    @Test
    void twoEmptyFramesInARowPassAndAThirdDoesNot() {
        guard.data(true);
        guard.data(true);
        guard.data(false);
        guard.data(true);
        guard.data(true);

        assertThatExceptionOfType(ConnectionError.class)
                .isThrownBy(() -> guard.data(true))
                .withMessage("3 DATA frames in a row were empty (allowed: 2)")
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM));
    }
}
