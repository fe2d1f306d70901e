// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.client.ForwardingClientCall;
import dev.peregrine.grpc.client.ForwardingListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Keeps what the runtime tells about one call beside its messages. The reading methods wait for it, for ten seconds at
 * most.
 */
public final class ObservedCall implements ClientInterceptor {

    private final CompletableFuture<Metadata> headers = new CompletableFuture<>();
    private final CompletableFuture<Metadata> trailers = new CompletableFuture<>();
    private final CompletableFuture<Status> status = new CompletableFuture<>();

    public Metadata headers() {
        return await("response headers", headers);
    }

    public Metadata trailers() {
        return await("trailers", trailers);
    }

    /** How the call ended. */
    public Status status() {
        return await("status", status);
    }

    @Override
    public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        return new ForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<R> listener, Metadata metadata) {
                super.start(observed(listener), metadata);
            }
        };
    }

    private <R> ClientCall.Listener<R> observed(ClientCall.Listener<R> listener) {
        return new ForwardingListener<>(listener) {
            @Override
            public void onHeaders(Metadata metadata) {
                headers.complete(metadata);
                super.onHeaders(metadata);
            }

            @Override
            public void onClose(Status outcome, Metadata metadata) {
                trailers.complete(metadata);
                status.complete(outcome);
                super.onClose(outcome, metadata);
            }
        };
    }

    private static <T> T await(String what, CompletableFuture<T> future) {
        try {
            return future.get(10, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new CaseFailedException("no " + what + " after 10 seconds");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CaseFailedException("interrupted while waiting for the " + what);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
