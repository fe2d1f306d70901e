// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.naming;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * What a channel talks to, as gRPC's {@code naming.md} writes it: {@code dns:///host:port}, {@code dns:host:port} or just
 * {@code host:port}. {@code static://host:port} is understood as the same.
 *
 * @param host a name or an address, without the brackets of IPv6
 * @param port 1 to 65535
 */
public record Target(String host, int port) {

    /** naming.md, "dns": the port a target without one means. */
    private static final int DEFAULT_PORT = 443;

    /**
     * @throws IllegalArgumentException if the text is no target, with what was expected
     */
    public static Target parse(String text) {
        String endpoint = endpointOf(text.trim());
        try {
            URI uri = new URI(null, endpoint, null, null, null);
            String host = uri.getHost();
            if (host != null && uri.getUserInfo() == null) {
                String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
                return new Target(bare, uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort());
            }
        } catch (URISyntaxException notAnEndpoint) {
            throw malformed(text);
        }
        throw malformed(text);
    }

    public Target {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
    }

    /** {@code host:port}, with brackets around an IPv6 address: what goes into {@code :authority}. */
    public String authority() {
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
    }

    @Override
    public String toString() {
        return authority();
    }

    private static String endpointOf(String text) {
        for (String scheme : new String[] {"dns:", "static:"}) {
            if (text.regionMatches(true, 0, scheme, 0, scheme.length())) {
                String rest = text.substring(scheme.length());
                if (rest.startsWith("//")) {
                    // dns://authority/host:port names a DNS server first; only the empty one is supported.
                    String afterSlashes = rest.substring(2);
                    int slash = afterSlashes.indexOf('/');
                    if (slash > 0 && slash < afterSlashes.length() - 1) {
                        throw new IllegalArgumentException(
                                "target '" + text + "' names a DNS server ('" + afterSlashes.substring(0, slash)
                                        + "'), which is not supported; write dns:///host:port");
                    }
                    return slash == 0 ? afterSlashes.substring(1) : afterSlashes;
                }
                return rest;
            }
        }
        return text;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("target '" + text
                + "' is not understood; expected host:port or dns:///host:port, with an IPv6 address in brackets");
    }
}
