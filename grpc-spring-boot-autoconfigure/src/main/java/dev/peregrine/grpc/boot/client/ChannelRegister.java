// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/**
 * The channels that are open, by client. The container has it before any bean and so destroys it after all of them: who
 * uses a client may call to the end of its own life, and calls that it leaves behind may finish within a bound.
 */
final class ChannelRegister implements DisposableBean {

    private static final Log log = LogFactory.getLog(ChannelRegister.class);

    /** Closing takes a round trip at most; longer than this, the network is gone and nobody is left to care. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Map<String, Open> channels = new TreeMap<>();
    private boolean closed;

    /** A channel, and how long its calls may go on when it is closed. */
    private record Open(ManagedChannel channel, Duration grace) {}

    synchronized Map<String, ManagedChannel> all() {
        Map<String, ManagedChannel> all = new TreeMap<>();
        channels.forEach((client, open) -> all.put(client, open.channel()));
        return Collections.unmodifiableMap(all);
    }

    /**
     * @throws IllegalStateException if the channels are closed
     */
    synchronized @Nullable ManagedChannel find(String client) {
        requireOpen(client);
        Open open = channels.get(client);
        return open == null ? null : open.channel();
    }

    /**
     * Takes this channel in; where another thread was faster, closes it and returns the one that is there.
     *
     * @throws IllegalStateException if the channels are closed, as this one is then
     */
    ManagedChannel addUnlessThere(String client, ManagedChannel made, Duration grace) {
        ManagedChannel there = null;
        try {
            there = putUnlessThere(client, new Open(made, grace));
        } finally {
            if (there != made) {
                made.shutdownNow();
            }
        }
        return there;
    }

    private synchronized ManagedChannel putUnlessThere(String client, Open made) {
        requireOpen(client);
        Open there = channels.putIfAbsent(client, made);
        return (there == null ? made : there).channel();
    }

    private void requireOpen(String client) {
        if (closed) {
            throw new IllegalStateException("there is no channel for the gRPC client '" + client
                    + "': the application that had it has stopped, and its channels are closed");
        }
    }

    /**
     * Lets the calls under way finish, each channel's within its grace, all at the same time. It waits on this thread: a timer
     * of the JDK would keep the class loader of the first application that asks for it for ever.
     */
    @Override
    public void destroy() {
        long start = System.nanoTime();
        List<Ending> endings = new ArrayList<>();
        close().forEach((client, open) ->
                endings.add(new Ending(client, open, open.channel().shutdown().toCompletableFuture())));
        endings.sort(Comparator.comparing(ending -> ending.open().grace()));
        for (Ending ending : endings) {
            if (!ended(ending.end(), start, ending.open().grace())) {
                log.info("Calls of the gRPC client '" + ending.client()
                        + "' are cancelled: they went on for longer than "
                        + ClientSettings.property(ending.client(), "shutdown.grace-period") + "="
                        + ending.open().grace());
                ending.open().channel().shutdownNow();
            }
        }
        long cancelled = System.nanoTime();
        endings.forEach(ending -> ended(ending.end(), cancelled, CLOSE_TIMEOUT));
        log.debug("Closed " + endings.size() + " gRPC channels");
    }

    /** A channel that takes no more calls, and when it has ended. */
    private record Ending(String client, Open open, CompletableFuture<Void> end) {}

    private synchronized Map<String, Open> close() {
        closed = true;
        Map<String, Open> left = new TreeMap<>(channels);
        channels.clear();
        return left;
    }

    /** Waits until the end, or until this long after the start: whether it ended in time. */
    private static boolean ended(CompletableFuture<Void> end, long start, Duration time) {
        try {
            end.get(time.toNanos() - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException unheardOf) {
            throw new IllegalStateException("a channel ends in peace", unheardOf);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt(); // and all that follow end at once
            return false;
        }
    }
}
