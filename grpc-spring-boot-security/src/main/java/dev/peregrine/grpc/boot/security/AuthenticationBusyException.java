// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import org.springframework.security.authentication.AuthenticationServiceException;

/** As many credentials are being checked as may be at once. */
final class AuthenticationBusyException extends AuthenticationServiceException {

    private static final long serialVersionUID = 1L;

    AuthenticationBusyException() {
        super("as many credentials are being checked as may be at once");
    }

    /** It is thrown when there is too much to do already. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
