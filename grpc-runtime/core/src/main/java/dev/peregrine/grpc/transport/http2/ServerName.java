// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.util.NetUtil;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * Whom a client wants to talk to: the name that a server's certificate must have, and that is sent ahead so that the server
 * can choose the right one (SNI, RFC 6066 §3).
 *
 * @param host a name or an IP address, without the brackets of IPv6
 * @param port the port of the authority; -1 if it names none
 */
record ServerName(String host, int port) {

    /** Reads {@code host}, {@code host:port}, {@code [IPv6]} or {@code [IPv6]:port}. */
    static ServerName ofAuthority(String authority) {
        int hostEnd = authority.length();
        int bracket = authority.lastIndexOf(']');
        int colon = authority.lastIndexOf(':');
        if (colon > bracket && (bracket >= 0 || authority.indexOf(':') == colon)) {
            hostEnd = colon;
        }
        String host = authority.substring(0, hostEnd);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.endsWith(".")) { // Certificates and SNI write full names without the dot of the root.
            host = host.substring(0, host.length() - 1);
        }
        return new ServerName(host, port(authority.substring(hostEnd)));
    }

    private static int port(String colonAndPort) {
        try {
            return colonAndPort.length() < 2 ? -1 : Integer.parseInt(colonAndPort.substring(1));
        } catch (NumberFormatException none) { // It serves as a key for resuming sessions, no more.
            return -1;
        }
    }

    /** RFC 6066 §3 allows no addresses. */
    private boolean isAddress() {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }

    /** Says the name in the handshake, also where it is a single label, which engines by themselves would not send. */
    void indicate(SSLEngine engine) {
        if (isAddress() || host.isEmpty()) {
            return;
        }
        try {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            engine.setSSLParameters(parameters);
        } catch (IllegalArgumentException unfit) { // Names of containers may hold what those of DNS do not: '_'.
            return;
        }
    }
}
