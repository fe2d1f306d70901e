// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;

/**
 * Checks only so many credentials at once, and refuses the rest instead of letting them wait: callers without valid
 * credentials must not hold the threads of those who have them while a database, a hash function or another server is asked.
 */
record BoundedProvider(AuthenticationProvider provider, Semaphore places) implements AuthenticationProvider {

    @Override
    public @Nullable Authentication authenticate(Authentication credentials) {
        if (!places.tryAcquire()) {
            throw new AuthenticationBusyException();
        }
        try {
            return provider.authenticate(credentials);
        } finally {
            places.release();
        }
    }

    @Override
    public boolean supports(Class<?> type) {
        return provider.supports(type);
    }
}
