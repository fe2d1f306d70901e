// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.balancing.ConnectivityState;
import dev.peregrine.grpc.client.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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

    /** Those that take no more calls and have not ended. It has no lock that the end of a channel could wait for. */
    private final Set<Open> leaving = ConcurrentHashMap.newKeySet();

    private boolean closed;

    /** A channel, and how long its calls may go on when it is closed. */
    private record Open(String client, ManagedChannel channel, Duration grace) {

        /** Whoever has the channel may have shut it down. */
        boolean isShutDown() {
            return channel.state() == ConnectivityState.SHUTDOWN;
        }
    }

    synchronized Map<String, ManagedChannel> all() {
        Map<String, ManagedChannel> all = new TreeMap<>();
        channels.forEach((client, open) -> all.put(client, open.channel()));
        return Collections.unmodifiableMap(all);
    }

    /**
     * The channel of this client that takes calls, if there is one.
     *
     * @throws IllegalStateException if the channels are closed
     */
    @Nullable
    ManagedChannel find(String client) {
        Open open = get(client);
        if (open == null) {
            return null;
        }
        if (open.isShutDown()) {
            forget(open);
            return null;
        }
        return open.channel();
    }

    /**
     * Takes this channel in; where another thread was faster, closes it and returns the one that is there.
     *
     * @throws IllegalStateException if the channels are closed, as this one is then
     */
    ManagedChannel addUnlessThere(String client, ManagedChannel made, Duration grace) {
        Open own = new Open(client, made, grace);
        Open there = null;
        try {
            there = putUnlessThere(own);
            while (there != own && there.isShutDown()) {
                forget(there);
                there = putUnlessThere(own);
            }
        } finally {
            if (there != own) {
                made.shutdownNow();
            }
        }
        return there.channel();
    }

    /** Ends the channel of this client, if there is one, and waits for it as {@link #destroy} does for all. */
    void close(String client) {
        Open open = known(client);
        if (open != null) {
            forget(open);
            end(List.of(open));
        }
    }

    private synchronized @Nullable Open known(String client) {
        return channels.get(client);
    }

    private synchronized @Nullable Open get(String client) {
        requireOpen(client);
        return channels.get(client);
    }

    private synchronized Open putUnlessThere(Open made) {
        requireOpen(made.client());
        Open there = channels.putIfAbsent(made.client(), made);
        return there == null ? made : there;
    }

    /** The next to ask gets another channel. */
    private void forget(Open open) {
        if (remove(open)) {
            open.channel().shutdown().whenComplete((ended, never) -> leaving.remove(open));
        }
    }

    private synchronized boolean remove(Open open) {
        return channels.remove(open.client(), open) && leaving.add(open);
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
        List<Open> left = close();
        end(left);
        log.debug("Closed " + left.size() + " gRPC channels");
    }

    private static void end(List<Open> channels) {
        long start = System.nanoTime();
        List<Ending> endings = new ArrayList<>();
        channels.forEach(
                open -> endings.add(new Ending(open, open.channel().shutdown().toCompletableFuture())));
        endings.sort(Comparator.comparing(ending -> ending.open().grace()));
        for (Ending ending : endings) {
            Open open = ending.open();
            if (!ended(ending.end(), start, open.grace())) {
                log.info("Calls of the gRPC client '" + open.client() + "' are cancelled: they went on for longer than "
                        + ClientSettings.property(open.client(), "shutdown.grace-period") + "=" + open.grace());
                open.channel().shutdownNow();
            }
        }
        long cancelled = System.nanoTime();
        endings.forEach(ending -> ended(ending.end(), cancelled, CLOSE_TIMEOUT));
    }

    /** A channel that takes no more calls, and when it has ended. */
    private record Ending(Open open, CompletableFuture<Void> end) {}

    private synchronized List<Open> close() {
        closed = true;
        List<Open> left = new ArrayList<>(channels.values());
        left.addAll(leaving);
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
