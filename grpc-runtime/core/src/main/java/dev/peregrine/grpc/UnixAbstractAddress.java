// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A unix socket in Linux's abstract namespace: a name that is no file, vanishes with its server, and that every process of
 * the network namespace may connect to. Only Linux has them, and of Java's sockets only the native ones (epoll, io_uring)
 * can use them. The path of a file is a {@link java.net.UnixDomainSocketAddress}.
 */
public final class UnixAbstractAddress extends SocketAddress {

    private static final long serialVersionUID = 1L;

    /** unix(7): {@code sun_path} has 108 bytes, the first of which is the zero that marks an abstract name. */
    private static final int MAX_BYTES = 107;

    private final String name;

    private UnixAbstractAddress(String name) {
        this.name = name;
    }

    /**
     * @param name without the leading zero byte, 1 to 107 bytes in UTF-8, none of them zero (naming.md, "unix-abstract")
     * @throws IllegalArgumentException if the name is empty, too long, or has a zero byte
     */
    public static UnixAbstractAddress of(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_BYTES) {
            throw new IllegalArgumentException("the name of an abstract unix socket has " + bytes
                    + " bytes (expected: 1 to " + MAX_BYTES + "): '" + name + "'");
        }
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the name of an abstract unix socket has a zero byte at index "
                    + name.indexOf('\0') + " (expected: none)");
        }
        return new UnixAbstractAddress(name);
    }

    /** The name, without the leading zero byte. */
    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnixAbstractAddress that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** As a target is written, what does not print escaped: {@code unix-abstract:name}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("unix-abstract:");
        name.codePoints().forEach(c -> {
            if (c != '%' && isPrinted(c)) {
                text.appendCodePoint(c);
                return;
            }
            for (byte octet : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        });
        return text.toString();
    }

    private static boolean isPrinted(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
