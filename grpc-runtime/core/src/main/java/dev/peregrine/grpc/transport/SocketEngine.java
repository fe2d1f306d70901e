// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What moves bytes between the process and the kernel. All carry the same calls; {@code docs/transports.md} says what each
 * needs and which is taken if nobody asks for one.
 */
public enum SocketEngine {
    /** Linux, with Netty's native library for epoll. */
    EPOLL,
    /** macOS and the BSDs, with Netty's native library for kqueue. */
    KQUEUE,
    /** Linux 5.9 and newer where nothing forbids it, with Netty's native library for io_uring. Only ever by choice. */
    IO_URING,
    /** The JDK's own sockets: works everywhere. */
    NIO;

    /**
     * The engine of this name, as {@code -Dperegrine.transport} writes it: {@code epoll}, {@code io_uring}.
     *
     * @throws IllegalArgumentException if there is none, with those there are
     */
    public static SocketEngine named(String name) {
        for (SocketEngine engine : values()) {
            if (engine.toString().equalsIgnoreCase(name.trim())) {
                return engine;
            }
        }
        throw new IllegalArgumentException("sockets '" + name + "' are not known (expected: "
                + Arrays.stream(values()).map(SocketEngine::toString).collect(Collectors.joining(", ")) + ")");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
