// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interceptor;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Credentials that are a user name and a password, in UTF-8 (RFC 7617). They show in no error and no {@code toString}. */
public final class BasicCredentials implements CallCredentials {

    private final CompletionStage<Metadata> header;

    private BasicCredentials(String pair) {
        String value = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        this.header = CompletableFuture.completedFuture(Metadata.of(AUTHORIZATION, value));
    }

    /**
     * @throws IllegalArgumentException if the user name holds a colon, which would end it, or either a control character
     */
    public static BasicCredentials of(String username, String password) {
        int colon = username.indexOf(':');
        if (colon >= 0) {
            throw new IllegalArgumentException("the user name of " + username.length()
                    + " characters holds a colon at index " + colon
                    + "; RFC 7617 ends it there, so it must not hold one");
        }
        requireNoControls("user name", username);
        requireNoControls("password", password);
        return new BasicCredentials(username + ':' + password);
    }

    /** RFC 7617 §2: "The user-id and password MUST NOT contain any control characters". */
    private static void requireNoControls(String what, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 0x20 || text.charAt(i) == 0x7f) {
                throw new IllegalArgumentException("the " + what + " of " + text.length()
                        + " characters holds a control character at index " + i + "; RFC 7617 allows none");
            }
        }
    }

    @Override
    public CompletionStage<Metadata> forCall(MethodDescriptor<?, ?> method, String authority) {
        return header;
    }

    @Override
    public String toString() {
        return "BasicCredentials[...]";
    }
}
