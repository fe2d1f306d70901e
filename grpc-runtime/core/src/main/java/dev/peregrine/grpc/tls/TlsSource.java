// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * TLS settings that may be replaced while servers and channels use them: new handshakes go by the new ones, connections
 * that are open stay as they are. One source may be given to several servers or channels.
 *
 * <p>For any thread.
 *
 * @param <T> whose settings: {@link ServerTls} or {@link ClientTls}
 */
public final class TlsSource<T extends TlsSettings> {

    private final List<Function<T, Runnable>> followers = new ArrayList<>();
    private T current;

    private TlsSource(T initial) {
        this.current = Objects.requireNonNull(initial, "initial");
    }

    /** A source that starts with these settings. */
    public static <T extends TlsSettings> TlsSource<T> of(T initial) {
        return new TlsSource<>(initial);
    }

    /** What new handshakes go by. */
    public synchronized T current() {
        return current;
    }

    /**
     * Makes new handshakes go by these settings. When this returns, whoever uses the source has taken them over; if it
     * throws, nobody has, and everything stays as it was. Blocks a little: contexts of TLS are made here, not on the threads
     * of connections.
     *
     * @throws IllegalArgumentException if a server or channel cannot work with these settings
     */
    public synchronized void replace(T next) {
        Objects.requireNonNull(next, "next");
        List<Runnable> takeovers = new ArrayList<>();
        for (Function<T, Runnable> follower : followers) {
            takeovers.add(follower.apply(next));
        }
        current = next;
        takeovers.forEach(Runnable::run);
    }

    /**
     * For transports: follows this source, beginning with what it holds now.
     *
     * @param follower prepares to use settings, on the thread that replaces them, and returns what takes them over; throws
     *     {@link IllegalArgumentException} if it cannot use them
     * @return ends it
     */
    public synchronized Runnable follow(Function<T, Runnable> follower) {
        follower.apply(current).run();
        followers.add(follower);
        return () -> leave(follower);
    }

    private synchronized void leave(Function<T, Runnable> follower) {
        followers.remove(follower);
    }
}
