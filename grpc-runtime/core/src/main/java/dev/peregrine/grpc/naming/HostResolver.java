// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.naming;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Asks the JDK for the addresses of a host. The JDK blocks while it asks, so that happens on daemon threads here. */
public final class HostResolver {

    /** Shared by all channels; look-ups are rare, and a hanging DNS server must not hold up every other name. */
    private static final Executor LOOKUPS = lookupThreads();

    private HostResolver() {}

    /** The addresses, in the order to try them; fails with {@link UnknownHostException}. */
    public static CompletionStage<List<SocketAddress>> resolve(Target target) {
        if (target.inProcess() != null) {
            return CompletableFuture.completedStage(List.of(target.inProcess()));
        }
        CompletableFuture<List<SocketAddress>> result = new CompletableFuture<>();
        LOOKUPS.execute(() -> {
            try {
                List<SocketAddress> addresses = new ArrayList<>();
                for (InetAddress address : InetAddress.getAllByName(target.host())) {
                    addresses.add(new InetSocketAddress(address, target.port()));
                }
                result.complete(addresses);
            } catch (UnknownHostException | RuntimeException failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    private static Executor lookupThreads() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(4, 4, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "grpc-name-lookup");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
