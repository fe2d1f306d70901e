// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.naming;

import dev.peregrine.grpc.InProcessAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads targets: the name syntax of gRPC's {@code naming.md}. */
final class TargetSyntax {

    /** naming.md, "dns": the port a target without one means. */
    private static final int DEFAULT_PORT = 443;

    /** Names may hold an underscore: no DNS name does, but those of containers do. */
    private static final Pattern ENDPOINT = Pattern.compile(
            "(?:\\[(?<ipv6>[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(?:%[\\w.-]+)?)]|(?<name>[\\w.-]+))(?::(?<port>[0-9]{1,5}))?");

    /** RFC 3986 §3.1, with something behind it that makes it more than a host and a port. */
    private static final Pattern SCHEME = Pattern.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?<rest>.*)");

    /** Schemes that other implementations of gRPC know, and that nobody would take for a host that is named so. */
    private static final Set<String> FOREIGN = Set.of("xds", "ipv4", "ipv6", "vsock", "google-c2p");

    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    /** U+2028 and U+2029, which end lines for a pattern. */
    private static final int LINE_SEPARATOR = 0x2028;

    private static final int PARAGRAPH_SEPARATOR = 0x2029;

    private static final String SUPPORTED = "host:port or dns:///host:port, with an IPv6 address in brackets,"
            + " unix:path, unix:///absolute/path, unix-abstract:name, or inprocess:name";

    private TargetSyntax() {}

    static Target parse(String text) {
        Matcher scheme = SCHEME.matcher(text);
        if (scheme.matches()) {
            String rest = scheme.group("rest");
            String name = scheme.group("scheme").toLowerCase(Locale.ROOT);
            switch (name) {
                case "dns":
                    return host(text, endpointOf(text, rest));
                case "unix":
                    return unix(text, rest);
                case "unix-abstract":
                    return unixAbstract(text, rest);
                case InProcessAddress.SCHEME:
                    return new Target.InProcess(new InProcessAddress(rest));
                default:
                    if (rest.startsWith("/")
                            || (FOREIGN.contains(name) && !PORT.matcher(rest).matches())) {
                        throw new IllegalArgumentException("target '" + text + "' has the scheme '" + name
                                + "', which is not supported; expected " + SUPPORTED);
                    }
            }
        }
        return host(text, text);
    }

    private static Target host(String text, String endpoint) {
        Matcher matcher = ENDPOINT.matcher(endpoint);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("target '" + text + "' is not understood; expected " + SUPPORTED);
        }
        String host = matcher.group("name") == null ? matcher.group("ipv6") : matcher.group("name");
        String port = matcher.group("port");
        return new Target.Host(host, port == null ? DEFAULT_PORT : Integer.parseInt(port));
    }

    private static String endpointOf(String text, String rest) {
        if (!rest.startsWith("//")) {
            return rest;
        }
        // dns://authority/host:port names a DNS server first; only the empty one is supported.
        String afterSlashes = rest.substring(2);
        int slash = afterSlashes.indexOf('/');
        if (slash > 0 && slash < afterSlashes.length() - 1) {
            throw new IllegalArgumentException("target '" + text + "' names a DNS server ('"
                    + afterSlashes.substring(0, slash) + "'), which is not supported; write dns:///host:port");
        }
        return slash == 0 ? afterSlashes.substring(1) : afterSlashes;
    }

    private static Target unix(String text, String rest) {
        String path = rest.startsWith("//") ? rest.substring(2) : rest;
        if (rest.startsWith("//") && !path.startsWith("/")) {
            throw new IllegalArgumentException("target '" + text + "' has no absolute path behind unix://;"
                    + " expected unix:///absolute/path, or unix:path for a relative one");
        }
        if (path.isEmpty()) {
            throw new IllegalArgumentException("target '" + text + "' has no path; expected unix:path");
        }
        return new Target.Unix(unescape(text, path));
    }

    /** The path as {@link #unix} reads it: two slashes at its start would be those of an empty authority. */
    static String write(String path) {
        return (path.startsWith("//") ? "//" : "") + escape(path);
    }

    /** What is read as this text: percent signs, what does not print, and a blank at the end are escaped. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '%' || Character.isISOControl(c) || c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR) {
                for (byte octet : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
                }
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return text.endsWith(" ") ? escaped.substring(0, escaped.length() - 1) + "%20" : escaped.toString();
    }

    private static Target unixAbstract(String text, String rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException("target '" + text + "' has no name; expected unix-abstract:name");
        }
        return new Target.UnixAbstract(unescape(text, rest));
    }

    /** Targets are URIs: {@code %20} is a blank (RFC 3986 §2.1). A plus sign, which only forms escape, stays one. */
    private static String unescape(String text, String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "target '" + text + "' has a '%' that starts no escape; a percent sign is written %25", malformed);
        }
    }
}
