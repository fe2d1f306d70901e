// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * The file of a unix socket before a server listens on it. A server that ends well takes its file along; one that is
 * killed leaves it behind, and nobody can bind to it. So a dead file is removed, but nothing else ever is: not the socket
 * of a server that lives, and no other kind of file.
 *
 * <p>For any thread but an event loop: it touches the disk.
 */
@AnyThread
final class UnixSocketFile {

    /** unix(7): {@code sun_path} has 108 bytes, the last of which is a zero. Said here, as engines say it differently. */
    private static final int MAX_BYTES = 107;

    private UnixSocketFile() {}

    /**
     * Makes room for a socket at this path.
     *
     * <p>Two servers that start on the same dead file at the same instant, in different processes, may both find it dead;
     * what each looked at is compared once more before it is removed, which leaves them next to no time to collide.
     *
     * @throws IOException if something that is not dead is there, saying what
     */
    static synchronized void clear(Path path) throws IOException {
        int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new IOException("the path has " + bytes + " bytes (expected: at most " + MAX_BYTES
                    + ", the kernel's limit); choose a shorter one");
        }
        BasicFileAttributes found;
        try {
            found = look(path);
        } catch (NoSuchFileException free) {
            return;
        }
        if (!found.isOther()) {
            throw new IOException("a file that is no socket is there; remove it, or listen elsewhere");
        }
        if (isAnswered(path)) {
            throw new IOException("another server listens there");
        }
        if (Objects.equals(found.fileKey(), look(path).fileKey())) {
            Files.deleteIfExists(path);
        }
    }

    private static BasicFileAttributes look(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether somebody listens, be it with no room for one more connection at the moment. */
    private static boolean isAnswered(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException refused) {
            return false;
        } catch (IOException unclear) {
            throw new IOException(
                    "a socket is there, and whether a server listens on it cannot be found out: "
                            + unclear.getMessage(),
                    unclear);
        }
    }
}
