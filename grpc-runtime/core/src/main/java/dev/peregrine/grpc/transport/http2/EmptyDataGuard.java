// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.wire.ErrorCode;

/** Ends the connection of a peer that sends DATA which carries nothing and ends nothing (CVE-2019-9518). */
final class EmptyDataGuard {

    /** Two in a row can be clumsiness, more are not. */
    private static final int MOST = 2;

    private int inARow;

    /** DATA has come. */
    void data(boolean empty) {
        if (!empty) {
            inARow = 0;
        } else if (++inARow > MOST) {
            throw new ConnectionError(
                    ErrorCode.ENHANCE_YOUR_CALM, inARow + " DATA frames in a row were empty (allowed: " + MOST + ")");
        }
    }
}
