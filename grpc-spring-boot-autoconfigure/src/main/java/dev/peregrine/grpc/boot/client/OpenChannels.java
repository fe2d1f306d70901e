// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.boot.LiveChannels;
import dev.peregrine.grpc.client.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/**
 * The channels that are open, by client. The container has it before any bean and so destroys it after all of them: who
 * uses a client may call to the end of its own life, and calls that it leaves behind may finish within a bound.
 */
final class OpenChannels implements LiveChannels, DisposableBean {

    private static final Log log = LogFactory.getLog(OpenChannels.class);

    /** Closing takes a round trip at most; longer than this, the network is gone and nobody is left to care. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final Map<String, Open> channels = new HashMap<>();

    /** A channel, and how long its calls may go on when it is closed. */
    private record Open(ManagedChannel channel, Duration grace) {}

    @Override
    public synchronized Map<String, ManagedChannel> byClient() {
        Map<String, ManagedChannel> all = new TreeMap<>();
        channels.forEach((name, open) -> all.put(name, open.channel()));
        return all;
    }

    synchronized @Nullable ManagedChannel get(String name) {
        Open open = channels.get(name);
        return open == null ? null : open.channel();
    }

    synchronized void add(String name, ManagedChannel channel, Duration grace) {
        channels.put(name, new Open(channel, grace));
    }

    /** Lets the calls under way finish, each channel's within its grace, all at the same time. */
    @Override
    public synchronized void destroy() {
        List<CompletableFuture<?>> closed = new ArrayList<>();
        channels.forEach((name, open) -> closed.add(close(name, open)));
        channels.clear();
        CompletableFuture.allOf(closed.toArray(CompletableFuture<?>[]::new)).join();
        log.debug("Closed " + closed.size() + " gRPC channels");
    }

    private static CompletableFuture<Boolean> close(String name, Open open) {
        ManagedChannel channel = open.channel();
        return within(open.grace(), channel.shutdown().toCompletableFuture()).thenCompose(ended -> {
            if (ended) {
                return CompletableFuture.completedFuture(true);
            }
            log.info("Calls of the gRPC client '" + name + "' are cancelled: they went on for longer than "
                    + ClientSettings.property(name, "shutdown.grace-period") + "=" + open.grace());
            return within(LAST_WORDS, channel.shutdownNow().toCompletableFuture());
        });
    }

    /** Whether it ended in time. */
    private static CompletableFuture<Boolean> within(Duration time, CompletableFuture<Void> end) {
        return end.thenApply(nothing -> true).completeOnTimeout(false, time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
