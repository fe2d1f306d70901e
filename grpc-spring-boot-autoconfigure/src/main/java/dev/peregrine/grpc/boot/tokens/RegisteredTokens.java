// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import dev.peregrine.grpc.interceptor.CallCredentials;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** The tokens of OAuth2 registrations; there is one if the application has an OAuth2 client. */
interface RegisteredTokens {

    /**
     * @param client for whom, in messages
     * @throws FailureAnalyzedException if there is no such registration, or not for what a client needs
     */
    CallCredentials of(String client, String registration);

    /** Whether there are registrations of any name. */
    boolean areThere();
}
