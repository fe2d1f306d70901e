// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.naming;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.UnixAbstractAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/**
 * What a channel talks to, as gRPC's {@code naming.md} writes it. Immutable.
 *
 * <table>
 *   <caption>What is understood</caption>
 *   <tr><td>{@code host:port}, {@code dns:host:port}, {@code dns:///host:port}</td><td>{@link Host}</td></tr>
 *   <tr><td>{@code unix:path}, {@code unix:///absolute/path}</td><td>{@link Unix}</td></tr>
 *   <tr><td>{@code unix-abstract:name}</td><td>{@link UnixAbstract}</td></tr>
 *   <tr><td>{@code inprocess:name}</td><td>{@link InProcess}</td></tr>
 * </table>
 */
public sealed interface Target {

    /** What goes into {@code :authority} unless the application says otherwise. */
    String authority();

    /**
     * @throws IllegalArgumentException if the text is no target, with what was expected
     */
    static Target parse(String text) {
        return TargetSyntax.parse(text.trim());
    }

    /**
     * A host whose addresses are looked up, or an address as it is.
     *
     * @param host a name or an address, without the brackets of IPv6
     * @param port 1 to 65535
     */
    record Host(String host, int port) implements Target {

        public Host {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
            }
        }

        /** {@code host:port}, with brackets around an IPv6 address. */
        @Override
        public String authority() {
            return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
        }

        @Override
        public String toString() {
            return authority();
        }
    }

    /**
     * A unix socket in the file system.
     *
     * @param path where; a relative one counts from the working directory of the process
     */
    record Unix(String path) implements Target {

        /**
         * @throws java.nio.file.InvalidPathException if the file system has no such paths
         */
        public Unix {
            UnixDomainSocketAddress.of(path);
        }

        SocketAddress address() {
            return UnixDomainSocketAddress.of(path);
        }

        /** {@code localhost}: the path of a file is no name of a server, and servers refuse it as one. */
        @Override
        public String authority() {
            return "localhost";
        }

        @Override
        public String toString() {
            return "unix:" + TargetSyntax.write(path);
        }
    }

    /**
     * A unix socket in Linux's abstract namespace.
     *
     * @param name without the leading zero byte
     */
    record UnixAbstract(String name) implements Target {

        /**
         * @throws IllegalArgumentException as {@link UnixAbstractAddress#of}
         */
        public UnixAbstract {
            UnixAbstractAddress.of(name);
        }

        SocketAddress address() {
            return UnixAbstractAddress.of(name);
        }

        /** {@code localhost}, as for {@link Unix}. */
        @Override
        public String authority() {
            return "localhost";
        }

        @Override
        public String toString() {
            return "unix-abstract:" + TargetSyntax.escape(name);
        }
    }

    /** A server of this process. */
    record InProcess(InProcessAddress address) implements Target {

        @Override
        public String authority() {
            return address.name();
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }
}
