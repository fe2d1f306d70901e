// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.UnixAbstractAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Reads where one server listens. An address is written
 *
 * <pre>
 *   host, host:port, *, *:port     a name, an IPv4 or an IPv6 address ([::1]:9090), or every interface
 *   unix:/path                     a unix socket
 *   unix-abstract:name             one without a file
 *   inprocess:name                 callers of this process only
 * </pre>
 */
final class ListenAddresses {

    private static final Log log = LogFactory.getLog(ListenAddresses.class);

    private static final String UNIX = "unix:";
    private static final String UNIX_ABSTRACT = "unix-abstract:";
    private static final String IN_PROCESS = InProcessAddress.SCHEME + ':';

    /** [host]:port with or without the port, host:port, or else a host that may have colons: a bare IPv6 address. */
    private static final Pattern HOST_AND_PORT = Pattern.compile(
            "\\[(?<v6>[^]]+)](:(?<v6port>\\d+))?|(?<host>[^:\\[\\]]+):(?<port>\\d+)|(?<bare>[^\\[\\]]+)");

    /** As gRPC servers commonly do. */
    private static final int DEFAULT_PORT = 9090;

    private final String server;
    private final GrpcServerProperties properties;
    private boolean portIsUsed;

    ListenAddresses(String server, GrpcServerProperties properties) {
        this.server = server;
        this.properties = properties;
    }

    /**
     * In the order of the property; every interface if it is not set.
     *
     * @throws FailureAnalyzedException if there is none, or one cannot be listened on
     */
    List<SocketAddress> resolve() {
        if (properties.address().isEmpty()) {
            return List.of(new InetSocketAddress(port()));
        }
        List<SocketAddress> addresses = new ArrayList<>();
        for (String text : properties.address()) {
            try {
                addresses.add(parse(text.strip()));
            } catch (IllegalArgumentException | UnknownHostException malformed) {
                throw refused(text, malformed);
            }
        }
        if (properties.port() != null && !portIsUsed) {
            log.info(property("port") + "=" + properties.port() + " does nothing: each entry of " + property("address")
                    + " has a port of its own, or needs none.");
        }
        return addresses;
    }

    private SocketAddress parse(String text) throws UnknownHostException {
        if (text.startsWith(UNIX)) {
            return unixSocket(text.substring(UNIX.length()).replaceFirst("^//(?=/)", ""));
        }
        if (text.startsWith(UNIX_ABSTRACT)) {
            return UnixAbstractAddress.of(text.substring(UNIX_ABSTRACT.length()));
        }
        if (text.startsWith(IN_PROCESS)) {
            return new InProcessAddress(text.substring(IN_PROCESS.length()));
        }
        Matcher matcher = HOST_AND_PORT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("it is neither host:port nor a socket with its scheme");
        }
        String host = first(matcher.group("v6"), matcher.group("host"), matcher.group("bare"));
        String ownPort = first(matcher.group("v6port"), matcher.group("port"));
        int port = ownPort == null ? port() : Integer.parseInt(ownPort);
        return "*".equals(host)
                ? new InetSocketAddress(port)
                : new InetSocketAddress(InetAddress.getByName(host), port);
    }

    private static UnixDomainSocketAddress unixSocket(String path) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("it has no path");
        }
        return UnixDomainSocketAddress.of(path);
    }

    private int port() {
        Integer port = properties.port();
        if (port != null) {
            portIsUsed = true;
            return port;
        }
        if (server.equals(GrpcServers.DEFAULT)) {
            return DEFAULT_PORT;
        }
        throw new FailureAnalyzedException(
                "The gRPC server '" + server + "' has no port to listen on.",
                "Set " + property("port") + " (0 takes a free one), or write the port into " + property("address")
                        + ". A port is not taken over from grpc.server.port.");
    }

    private FailureAnalyzedException refused(String text, Exception reason) {
        return new FailureAnalyzedException(
                "The gRPC server" + GrpcServers.quoted(server) + " cannot listen on '" + text + "', an entry of "
                        + property("address") + ": "
                        + (reason instanceof UnknownHostException ? "no such host is known" : reason.getMessage())
                        + ".",
                "Write an address of this machine, with or without a port (127.0.0.1, [::1]:9090, *), or unix:/path,"
                        + " unix-abstract:name or inprocess:name.",
                reason);
    }

    private String property(String field) {
        return ConfiguredServers.property(server, field);
    }

    private static @Nullable String first(@Nullable String... candidates) {
        for (String candidate : candidates) {
            if (candidate != null) {
                return candidate;
            }
        }
        return null;
    }
}
