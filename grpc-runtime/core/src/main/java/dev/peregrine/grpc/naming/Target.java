// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.naming;

import dev.peregrine.grpc.InProcessAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a channel talks to, as gRPC's {@code naming.md} writes it: {@code dns:///host:port}, {@code dns:host:port} or just
 * {@code host:port}. {@code static://host:port} is understood as the same. {@code inprocess:name} is an
 * {@link InProcessAddress}.
 *
 * @param host a name or an address, without the brackets of IPv6
 * @param port 1 to 65535; 0 for a name of this process
 */
public record Target(String host, int port) {

    private static final String IN_PROCESS = InProcessAddress.SCHEME + ':';

    /** naming.md, "dns": the port a target without one means. */
    private static final int DEFAULT_PORT = 443;

    /** Names may hold an underscore: no DNS name does, but those of containers do. */
    private static final Pattern ENDPOINT = Pattern.compile(
            "(?:\\[(?<ipv6>[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(?:%[\\w.-]+)?)]|(?<name>[\\w.-]+))(?::(?<port>[0-9]{1,5}))?");

    /**
     * @throws IllegalArgumentException if the text is no target, with what was expected
     */
    public static Target parse(String text) {
        if (text.startsWith(IN_PROCESS)) {
            return new Target(new InProcessAddress(text.substring(IN_PROCESS.length())).name(), 0);
        }
        Matcher endpoint = ENDPOINT.matcher(endpointOf(text.trim()));
        if (!endpoint.matches()) {
            throw malformed(text);
        }
        String host = endpoint.group("name") == null ? endpoint.group("ipv6") : endpoint.group("name");
        String port = endpoint.group("port");
        int number = port == null ? DEFAULT_PORT : Integer.parseInt(port);
        if (number == 0) {
            throw new IllegalArgumentException("port: 0 (expected: 1 to 65535)");
        }
        return new Target(host, number);
    }

    public Target {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
    }

    /** Where in this process; null for a host. */
    public @Nullable InProcessAddress inProcess() {
        return port == 0 ? new InProcessAddress(host) : null;
    }

    /** {@code host:port}, with brackets around an IPv6 address: what goes into {@code :authority}. */
    public String authority() {
        if (port == 0) {
            return host;
        }
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
    }

    @Override
    public String toString() {
        return port == 0 ? IN_PROCESS + host : authority();
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
