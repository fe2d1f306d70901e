// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

/** The server, or we, did something else than a case demands. */
public final class CaseFailedException extends RuntimeException {

    CaseFailedException(String message) {
        super(message);
    }
}
