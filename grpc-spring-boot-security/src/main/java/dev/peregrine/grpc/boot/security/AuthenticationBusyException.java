// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import org.springframework.security.authentication.InternalAuthenticationServiceException;

/** As many credentials are being checked as may be at once; of the kind behind which no other provider is asked. */
final class AuthenticationBusyException extends InternalAuthenticationServiceException {

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
