// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interceptor;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Credentials that are a token: whoever bears it is let in (RFC 6750 §2.1). Its text shows in no error and no {@code toString}.
 */
public final class BearerToken implements CallCredentials {

    private final Supplier<? extends CompletionStage<String>> tokens;

    /** What the last call was sent with: most calls are sent with the same. */
    private volatile @Nullable Header last;

    private record Header(String token, CompletionStage<Metadata> metadata) {}

    private BearerToken(Supplier<? extends CompletionStage<String>> tokens) {
        this.tokens = tokens;
    }

    /**
     * A token that never changes.
     *
     * @throws IllegalArgumentException if the token cannot travel; see {@link #from}
     */
    public static BearerToken of(String token) {
        BearerToken credentials = from(() -> token);
        credentials.header(token);
        return credentials;
    }

    /**
     * The token that this supplies for each call, on the thread that makes the call; must not block. A token that is empty, or holds
     * anything but visible ASCII, ends the call with UNAUTHENTICATED. (RFC 6750 allows fewer characters; not all issuers heed it.)
     */
    public static BearerToken from(Supplier<String> token) {
        Objects.requireNonNull(token, "token");
        return new BearerToken(() -> CompletableFuture.completedFuture(token.get()));
    }

    /** As {@link #from}, for tokens that are perhaps still to be fetched; calls are held until they are there. */
    public static BearerToken fromAsync(Supplier<? extends CompletionStage<String>> token) {
        return new BearerToken(Objects.requireNonNull(token, "token"));
    }

    @Override
    public CompletionStage<Metadata> forCall(MethodDescriptor<?, ?> method, String authority) {
        CompletableFuture<String> token = tokens.get().toCompletableFuture();
        if (token.isDone() && !token.isCompletedExceptionally()) {
            return header(token.join());
        }
        return token.thenCompose(this::header);
    }

    private CompletionStage<Metadata> header(@Nullable String token) {
        Header known = last;
        if (known != null && known.token().equals(token)) {
            return known.metadata();
        }
        Header header = new Header(requireSendable(token), CompletableFuture.completedFuture(metadata(token)));
        last = header;
        return header.metadata();
    }

    private static Metadata metadata(@Nullable String token) {
        return Metadata.of(AUTHORIZATION, "Bearer " + token);
    }

    /** Says where it is wrong, and never what it is. */
    private static String requireSendable(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            throw new IllegalArgumentException("the bearer token is empty");
        }
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c <= 0x20 || c > 0x7e) {
                throw new IllegalArgumentException("the bearer token of " + token.length()
                        + " characters holds one at index " + i
                        + " that is no visible ASCII, and cannot travel in a header; a line break at its end is often"
                        + " one of the file it was read from");
            }
        }
        return token;
    }

    @Override
    public String toString() {
        return "BearerToken[...]";
    }
}
