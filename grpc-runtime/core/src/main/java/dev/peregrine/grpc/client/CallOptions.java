// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wishes for a call beside method and messages. Immutable; each {@code with} method returns changed
 * options.
 *
 * @param deadline when to give up; null for no fixed moment
 * @param timeout how long each call may take, counted from its start; null for no bound. With both, the earlier counts
 * @param metadata what travels with the request headers
 * @param waitForReady whether the call waits while the server cannot be reached, instead of failing with UNAVAILABLE
 * @param executor where listeners run; null for the connection's event loop, where nothing may block
 * @param interceptors for this call only, inside those of the channel
 * @param compression the name of the encoding that requests are compressed with, {@code identity} for none; null for the
 *     channel's default. Servers that cannot read it answer UNIMPLEMENTED
 */
public record CallOptions(
        @Nullable Deadline deadline,
        @Nullable Duration timeout,
        Metadata metadata,
        boolean waitForReady,
        @Nullable Executor executor,
        List<ClientInterceptor> interceptors,
        @Nullable String compression) {

    public static final CallOptions DEFAULT = new CallOptions(null, null, Metadata.EMPTY, false, null, List.of(), null);

    public CallOptions {
        interceptors = List.copyOf(interceptors);
    }

    /** Gives up at this moment, for whatever calls are made with these options; null for no fixed moment. */
    public CallOptions withDeadline(@Nullable Deadline deadline) {
        return new CallOptions(deadline, timeout, metadata, waitForReady, executor, interceptors, compression);
    }

    /**
     * Gives each call this much time from its start, waiting included; null for no bound. A timeout of nothing or less ends the
     * call at once, with DEADLINE_EXCEEDED.
     */
    public CallOptions withTimeout(@Nullable Duration timeout) {
        return new CallOptions(deadline, timeout, metadata, waitForReady, executor, interceptors, compression);
    }

    /** Adds to the metadata, behind what is there; values of a key that is there already come second. */
    public CallOptions withMetadata(Metadata more) {
        return new CallOptions(
                deadline, timeout, metadata.plus(more), waitForReady, executor, interceptors, compression);
    }

    /** Takes all values of a key out of the metadata. */
    public CallOptions withoutMetadata(MetadataKey<?> key) {
        return metadata.contains(key)
                ? new CallOptions(
                        deadline,
                        timeout,
                        metadata.toBuilder().remove(key).build(),
                        waitForReady,
                        executor,
                        interceptors,
                        compression)
                : this;
    }

    /**
     * Whether calls wait while the server cannot be reached, until their deadlines, instead of failing with UNAVAILABLE. They
     * wait for a first attempt to connect in either case.
     */
    public CallOptions withWaitForReady(boolean waitForReady) {
        return new CallOptions(deadline, timeout, metadata, waitForReady, executor, interceptors, compression);
    }

    /** Calls listeners on this executor, one event after the other; null for the connection's event loop. */
    public CallOptions withExecutor(@Nullable Executor executor) {
        return new CallOptions(deadline, timeout, metadata, waitForReady, executor, interceptors, compression);
    }

    /** Adds interceptors, inside those that are there. */
    public CallOptions withInterceptors(ClientInterceptor... more) {
        List<ClientInterceptor> all = new ArrayList<>(interceptors);
        all.addAll(List.of(more));
        return new CallOptions(deadline, timeout, metadata, waitForReady, executor, all, compression);
    }

    /**
     * Compresses requests with the encoding of this name; {@code identity} for not at all, null for the channel's default.
     * The channel refuses names it does not know when a call is made.
     */
    public CallOptions withCompression(@Nullable String encoding) {
        return new CallOptions(deadline, timeout, metadata, waitForReady, executor, interceptors, encoding);
    }

    /** The deadline of a call that starts now. */
    public @Nullable Deadline effectiveDeadline() {
        if (timeout == null) {
            return deadline;
        }
        Deadline fromNow = Deadline.after(timeout);
        return deadline == null ? fromNow : deadline.earlier(fromNow);
    }
}
