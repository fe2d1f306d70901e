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

/**
 * From a target to addresses. Those of a host are asked of the JDK, which blocks while it asks: that happens on daemon
 * threads here.
 */
public final class HostResolver {

    /** Shared by all channels; look-ups are rare, and a hanging DNS server must not hold up every other name. */
    private static final Executor LOOKUPS = lookupThreads();

    private HostResolver() {}

    /**
     * The addresses, in the order to try them: as the JDK orders them, IPv6 and IPv4 by turns (RFC 8305 §4). Fails with
     * {@link UnknownHostException}, whose message says which host is unknown.
     */
    public static CompletionStage<List<SocketAddress>> resolve(Target target) {
        if (target instanceof Target.Host host) {
            return lookUp(host);
        }
        return CompletableFuture.completedStage(List.of(addressOf(target)));
    }

    private static SocketAddress addressOf(Target target) {
        if (target instanceof Target.InProcess here) {
            return here.address();
        }
        return target instanceof Target.UnixAbstract named ? named.address() : ((Target.Unix) target).address();
    }

    private static CompletionStage<List<SocketAddress>> lookUp(Target.Host target) {
        CompletableFuture<List<SocketAddress>> result = new CompletableFuture<>();
        LOOKUPS.execute(() -> {
            try {
                List<SocketAddress> addresses = new ArrayList<>();
                List<InetAddress> resolved = List.of(InetAddress.getAllByName(target.host()));
                for (InetAddress address : AddressOrder.interleave(resolved)) {
                    addresses.add(new InetSocketAddress(address, target.port()));
                }
                result.complete(addresses);
            } catch (UnknownHostException unknown) {
                UnknownHostException named =
                        new UnknownHostException("the host '" + target.host() + "' cannot be resolved");
                named.initCause(unknown);
                result.completeExceptionally(named);
            } catch (RuntimeException failure) {
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
