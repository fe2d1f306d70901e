// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.naming;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    /** Names may hold an underscore: no DNS name does, but those of containers do. */
    private static final Pattern ENDPOINT = Pattern.compile(
            "(?:\\[(?<ipv6>[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(?:%[\\w.-]+)?)]|(?<name>[\\w.-]+))(?::(?<port>[0-9]{1,5}))?");

    /**
     * @throws IllegalArgumentException if the text is no target, with what was expected
     */
    public static Target parse(String text) {
        Matcher endpoint = ENDPOINT.matcher(endpointOf(text.trim()));
        if (!endpoint.matches()) {
            throw malformed(text);
        }
        String host = endpoint.group("name") == null ? endpoint.group("ipv6") : endpoint.group("name");
        String port = endpoint.group("port");
        return new Target(host, port == null ? DEFAULT_PORT : Integer.parseInt(port));
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
