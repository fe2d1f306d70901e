// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a method is served, as far as it differs from the rest of its server. Decided once, when the server starts; a call
 * of a method without options pays nothing for them. Immutable.
 *
 * <pre>{@code
 * server.service(uploads, method -> MethodOptions.DEFAULT.withMaxMessageSize(64 << 20));
 * }</pre>
 *
 * @see Server.Builder#service(ServiceDefinition, java.util.function.Function)
 */
public final class MethodOptions {

    /** As the server says. */
    public static final MethodOptions DEFAULT = new MethodOptions(new Values());

    /** A timeout that there is not, as the transport says it. */
    private static final long NONE = -1;

    private final Values values;

    private MethodOptions(Values values) {
        this.values = values;
    }

    /** Interceptors of this method alone, behind those of the server; the first of the list sees a call first. */
    public MethodOptions withInterceptors(List<ServerInterceptor> interceptors) {
        List<ServerInterceptor> copy = List.copyOf(interceptors);
        return with(changed -> changed.interceptors = copy);
    }

    /** These interceptors before those there are; the first of the list sees a call first. */
    public MethodOptions behind(List<ServerInterceptor> first) {
        List<ServerInterceptor> all = new ArrayList<>(first);
        all.addAll(values.interceptors);
        return withInterceptors(all);
    }

    /** Where the method runs if it blocks, instead of {@link Server.Builder#blockingExecutor}. */
    public MethodOptions withExecutor(Executor executor) {
        Objects.requireNonNull(executor, "executor");
        return with(changed -> changed.executor = executor);
    }

    /** Bounds how many calls are handled at once; by all limits if there are several, the first is asked first. */
    public MethodOptions withConcurrencyLimits(List<ConcurrencyLimit> limits) {
        List<ConcurrencyLimit> copy = List.copyOf(limits);
        return with(changed -> changed.concurrency = copy);
    }

    /**
     * The largest request, in bytes, compressed or not, instead of the server's {@code maxMessageSize}; more ends the
     * call with RESOURCE_EXHAUSTED, on sight of its length. What a connection may hold in all is the server's to say.
     */
    public MethodOptions withMaxMessageSize(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("maxMessageSize: " + bytes + " (expected: >= 0 bytes)");
        }
        return with(changed -> changed.maxMessageSize = bytes);
    }

    /** Time for calls whose caller sets no deadline. Default: they may go on for ever. */
    public MethodOptions withDefaultDeadline(Duration time) {
        long nanos = nanosOf(time, "defaultDeadline");
        return with(changed -> changed.defaultTimeout = nanos);
    }

    /** The most time that a call gets, whatever its caller or {@link #withDefaultDeadline} say. Default: any. */
    public MethodOptions withMaxDeadline(Duration time) {
        long nanos = nanosOf(time, "maxDeadline");
        return with(changed -> changed.maxTimeout = nanos);
    }

    /** As {@link Server.Builder#compression}, for this method; {@code identity} for not at all. */
    public MethodOptions withCompression(String encoding) {
        Objects.requireNonNull(encoding, "encoding");
        return with(changed -> changed.compression = encoding);
    }

    /** Asks about each call when its headers have come, before anything is done for it. Default: every call is let in. */
    public MethodOptions withGuard(CallGuard guard) {
        Objects.requireNonNull(guard, "guard");
        return with(changed -> changed.guard = guard);
    }

    /**
     * Runs the method on a thread that may block even if it says that it never does: for interceptors that may. Its handler
     * notices nothing but the other thread.
     */
    public MethodOptions withBlockingInterceptors() {
        return with(changed -> changed.blockingInterceptors = true);
    }

    List<ServerInterceptor> interceptors() {
        return values.interceptors;
    }

    @Nullable
    Executor executor() {
        return values.executor;
    }

    List<ConcurrencyLimit> concurrencyLimits() {
        return values.concurrency;
    }

    @Nullable
    CallGuard guard() {
        return values.guard;
    }

    /** Where a method runs that says this of itself. */
    ExecutionMode modeOr(ExecutionMode own) {
        return values.blockingInterceptors ? ExecutionMode.BLOCKING : own;
    }

    int maxMessageSizeOr(int ofServer) {
        return values.maxMessageSize < 0 ? ofServer : values.maxMessageSize;
    }

    @Nullable
    String compressionOr(@Nullable String ofServer) {
        return values.compression == null ? ofServer : values.compression;
    }

    /** The time that a call gets whose caller asked for this much; for both, less than zero is no end. */
    long timeoutNanos(long asked) {
        long timeout = asked < 0 ? values.defaultTimeout : asked;
        if (values.maxTimeout >= 0 && (timeout < 0 || timeout > values.maxTimeout)) {
            timeout = values.maxTimeout;
        }
        return timeout;
    }

    private MethodOptions with(Consumer<Values> change) {
        Values changed = values.copy();
        change.accept(changed);
        return new MethodOptions(changed);
    }

    private static long nanosOf(Duration time, String what) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(what + ": " + time + " (expected: > 0)");
        }
        try {
            return time.toNanos();
        } catch (ArithmeticException centuries) {
            return Long.MAX_VALUE;
        }
    }

    /** Set on a fresh copy only, which nobody else has seen. */
    private static final class Values implements Cloneable {

        private List<ServerInterceptor> interceptors = List.of();
        private @Nullable Executor executor;
        private List<ConcurrencyLimit> concurrency = List.of();
        private int maxMessageSize = -1;
        private long defaultTimeout = NONE;
        private long maxTimeout = NONE;
        private @Nullable String compression;
        private @Nullable CallGuard guard;
        private boolean blockingInterceptors;

        private Values copy() {
            try {
                return (Values) clone();
            } catch (CloneNotSupportedException impossible) {
                throw new AssertionError(impossible);
            }
        }
    }
}
