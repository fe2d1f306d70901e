// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.HeldCall;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Something that goes wrong, which calls it happens to, and how often. By default it happens to all calls, always. */
public final class Fault {

    private final Kind kind;
    private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    private volatile @Nullable String method;

    Fault(Kind kind) {
        this.kind = kind;
    }

    /** Happens to this many calls, and then no more. */
    public Fault times(int calls) {
        if (calls < 1) {
            throw new IllegalArgumentException("times: " + calls + " (expected: >= 1)");
        }
        left.set(calls);
        return this;
    }

    /** Happens to calls of this method only, written as {@code package.Service/Method}. */
    public Fault on(String fullMethodName) {
        method = fullMethodName;
        return this;
    }

    /** Whether it happens to a call of this method; counts it. */
    boolean takes(MethodDescriptor<?, ?> called) {
        String only = method;
        return (only == null || only.equals(called.fullName()))
                && left.getAndUpdate(calls -> calls > 0 && calls < Integer.MAX_VALUE ? calls - 1 : calls) > 0;
    }

    <Q, R> ClientCall<Q, R> call(MethodDescriptor<Q, R> called, CallOptions options, Channel next) {
        if (kind instanceof Failure failure) {
            return new LostCall<>(failure.status(), null);
        }
        if (kind instanceof Delay delay) {
            return new HeldCall<>(called, options, next, "the delay of the test", delay::after);
        }
        return new LostCall<>(null, options.effectiveDeadline());
    }

    sealed interface Kind {}

    record Failure(Status status) implements Kind {}

    record Loss() implements Kind {}

    record Delay(Duration time) implements Kind {

        CompletionStage<Metadata> after(Metadata headers) {
            return CompletableFuture.supplyAsync(
                    () -> headers, CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS));
        }
    }
}
