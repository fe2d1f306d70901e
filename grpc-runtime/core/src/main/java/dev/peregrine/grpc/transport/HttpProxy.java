// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that opens a way to servers when asked by HTTP CONNECT (RFC 9110 §9.3.6, gRFC A1). It is told the server's name,
 * and looks that up itself. What passes through afterwards it cannot read if the calls use TLS.
 *
 * @param host its name or address
 * @param port 1 to 65535
 * @param user null if it asks for no credentials
 * @param password null if there is no user; never part of a text this runtime writes
 */
public record HttpProxy(
        String host,
        int port,
        @Nullable String user,
        @Nullable String password) {

    public HttpProxy {
        Objects.requireNonNull(host, "host");
        if (host.isBlank()) {
            throw new IllegalArgumentException("the host of a proxy is empty");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
        if ((user == null) != (password == null)) {
            throw new IllegalArgumentException("a proxy has both a user and a password, or neither");
        }
        if (user != null && user.indexOf(':') >= 0) {
            // RFC 7617 §2
            throw new IllegalArgumentException("the user of a proxy has a colon, which Basic credentials cannot carry");
        }
    }

    /** A proxy that asks for no credentials. */
    public static HttpProxy of(String host, int port) {
        return new HttpProxy(host, port, null, null);
    }

    /** This proxy, to which we say who we are (Basic, RFC 7617): in the clear, as the way to a proxy is. */
    public HttpProxy withCredentials(String user, String password) {
        return new HttpProxy(
                host, port, Objects.requireNonNull(user, "user"), Objects.requireNonNull(password, "password"));
    }

    /** {@code host:port}. */
    public String authority() {
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
    }

    /** Without the credentials. */
    @Override
    public String toString() {
        return authority();
    }
}
