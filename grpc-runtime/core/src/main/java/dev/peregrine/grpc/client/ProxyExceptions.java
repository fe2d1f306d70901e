// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.naming.Target;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The servers that are reached without the environment's proxy, as {@code no_proxy} lists them: {@code *} for all; a name,
 * which stands for the host and everything below it, with or without a leading dot; an address; a block of addresses
 * ({@code 10.0.0.0/8}); each perhaps with a port. Immutable.
 */
final class ProxyExceptions {

    /** An address rather than a name: looking it up asks nobody. */
    private static final Pattern ADDRESS =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private final List<String> entries;

    private ProxyExceptions(List<String> entries) {
        this.entries = entries;
    }

    static ProxyExceptions parse(String list) {
        return new ProxyExceptions(Arrays.stream(list.toLowerCase(Locale.ROOT).split(","))
                .map(String::trim)
                .filter(entry -> !entry.isEmpty())
                .toList());
    }

    boolean include(Target.Host target) {
        return entries.stream().anyMatch(entry -> matches(entry, target));
    }

    /** Whether a host is this machine, which no proxy can reach in our stead. */
    static boolean isThisMachine(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        InetAddress address = address(name);
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || (address != null && address.isLoopbackAddress());
    }

    private static boolean matches(String entry, Target.Host target) {
        if (entry.equals("*")) {
            return true;
        }
        int slash = entry.indexOf('/');
        if (slash >= 0) {
            return isInBlock(target.host(), entry.substring(0, slash), entry.substring(slash + 1));
        }
        String portless = withoutPort(entry, target.port());
        String name = portless == null ? entry : portless;
        String host = target.host().toLowerCase(Locale.ROOT);
        InetAddress address = address(name);
        if (address != null) {
            return address.equals(address(host));
        }
        String domain = name.startsWith("*.") ? name.substring(2) : name.startsWith(".") ? name.substring(1) : name;
        return host.equals(domain) || host.endsWith('.' + domain);
    }

    /** The entry without the target's port; null if it names none, or another. */
    private static @Nullable String withoutPort(String entry, int port) {
        String suffix = ":" + port;
        boolean bracketed = entry.startsWith("[");
        if (bracketed && entry.endsWith("]")) {
            return entry.substring(1, entry.length() - 1);
        }
        if (!entry.endsWith(suffix) || (!bracketed && entry.indexOf(':') != entry.length() - suffix.length())) {
            return null;
        }
        String rest = entry.substring(0, entry.length() - suffix.length());
        return bracketed && rest.endsWith("]") ? rest.substring(1, rest.length() - 1) : rest;
    }

    private static boolean isInBlock(String host, String network, String length) {
        InetAddress ours = address(host);
        InetAddress block = address(network);
        if (ours == null || block == null || !length.matches("[0-9]{1,3}")) {
            return false;
        }
        byte[] a = ours.getAddress();
        byte[] b = block.getAddress();
        int bits = Integer.parseInt(length);
        if (a.length != b.length || bits > a.length * 8) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if ((a[bit >> 3] & mask) != (b[bit >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable InetAddress address(String text) {
        if (!ADDRESS.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException malformed) {
            return null;
        }
    }
}
