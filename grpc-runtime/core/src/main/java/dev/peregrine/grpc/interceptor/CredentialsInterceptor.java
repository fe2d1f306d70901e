// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interceptor;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.client.ForwardingClientCall;
import dev.peregrine.grpc.client.HeldCall;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Tells the server who is calling. On a channel, for all calls that say nothing of it themselves; on a call or stub, for just that:
 *
 * <pre>{@code
 * CredentialsInterceptor asAlice = CredentialsInterceptor.of(BasicCredentials.of("alice", password));
 * ManagedChannel.builder("dns:///users.example").tls().interceptor(asAlice)...
 * users.withInterceptors(asAlice).find(request)
 * }</pre>
 *
 * <p>A call has one {@code authorization}, that of whoever is nearest to it. Credentials among a call's own interceptors replace all
 * others, the last of them counts. Those of a channel are not even asked for a call that has such a header already, in its options or
 * from an interceptor that saw it before. Interceptors that write the header themselves belong before this one.
 *
 * <p>On a channel that is not {@linkplain Channel#isPrivate private} calls fail with UNAUTHENTICATED before anything is sent, and
 * nobody is asked for credentials.
 */
public final class CredentialsInterceptor implements ClientInterceptor {

    private static final Status READABLE = Status.of(
            StatusCode.UNAUTHENTICATED,
            "the call's credentials were not sent: the channel is not encrypted, and they could be read on the way;"
                    + " use TLS or a unix socket, or allow it");

    private final CallCredentials credentials;
    private final boolean plaintextToo;

    private CredentialsInterceptor(CallCredentials credentials, boolean plaintextToo) {
        this.credentials = Objects.requireNonNull(credentials, "credentials");
        this.plaintextToo = plaintextToo;
    }

    public static CredentialsInterceptor of(CallCredentials credentials) {
        return new CredentialsInterceptor(credentials, false);
    }

    /** Also sends them where they can be read, by anybody between here and the server: for tests, and networks that encrypt. */
    public CredentialsInterceptor allowingPlaintext() {
        return new CredentialsInterceptor(credentials, true);
    }

    /** Whether calls on this channel are sent with credentials, rather than refused. */
    public boolean mayTravelOn(Channel channel) {
        return plaintextToo || channel.isPrivate();
    }

    @Override
    public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        CredentialsInterceptor nearest = nearest(options.interceptors());
        boolean own = nearest == this;
        if (!own && (nearest != null || options.metadata().contains(CallCredentials.AUTHORIZATION))) {
            return next.newCall(method, options);
        }
        CallOptions without = options.withoutMetadata(CallCredentials.AUTHORIZATION);
        CompletableFuture<Metadata> asked = ask(method, next);
        if (asked.isDone() && !asked.isCompletedExceptionally()) {
            return new Introduced<>(next.newCall(method, without), own, asked.join());
        }
        return new HeldCall<>(method, without, next, "its credentials", headers -> introduce(headers, own, asked));
    }

    private static @Nullable CredentialsInterceptor nearest(List<ClientInterceptor> own) {
        for (int i = own.size() - 1; i >= 0; i--) {
            if (own.get(i) instanceof CredentialsInterceptor nearest) {
                return nearest;
            }
        }
        return null;
    }

    private CompletableFuture<Metadata> ask(MethodDescriptor<?, ?> method, Channel channel) {
        if (!mayTravelOn(channel)) {
            return CompletableFuture.failedFuture(READABLE.asException());
        }
        try {
            return credentials.forCall(method, channel.authority()).toCompletableFuture();
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    /** The headers of a call, with the credentials beside them unless they are there already. */
    private static Metadata introduce(Metadata headers, boolean own, Metadata credentials) {
        if (headers.isEmpty()) {
            return credentials;
        }
        if (!headers.contains(CallCredentials.AUTHORIZATION)) {
            return headers.plus(credentials);
        }
        return own
                ? headers.toBuilder()
                        .remove(CallCredentials.AUTHORIZATION)
                        .addAll(credentials)
                        .build()
                : headers;
    }

    private static CompletionStage<Metadata> introduce(
            Metadata headers, boolean own, CompletionStage<Metadata> credentials) {
        if (!own && headers.contains(CallCredentials.AUTHORIZATION)) {
            return CompletableFuture.completedStage(headers);
        }
        return credentials.handle((known, failure) -> {
            if (failure != null) {
                throw refusal(failure);
            }
            return introduce(headers, own, known);
        });
    }

    private static StatusException refusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof StatusException refused) {
            return refused;
        }
        return Status.of(StatusCode.UNAUTHENTICATED, "the call's credentials could not be had")
                .withCause(cause)
                .asException();
    }

    @Override
    public String toString() {
        return "CredentialsInterceptor[" + credentials.getClass().getSimpleName() + "]";
    }

    /** A call whose credentials were there when it was made. */
    private static final class Introduced<Q, R> extends ForwardingClientCall<Q, R> {

        private final boolean own;
        private final Metadata credentials;

        Introduced(ClientCall<Q, R> call, boolean own, Metadata credentials) {
            super(call);
            this.own = own;
            this.credentials = credentials;
        }

        @Override
        public void start(Listener<R> listener, Metadata headers) {
            super.start(listener, introduce(headers, own, credentials));
        }
    }
}
