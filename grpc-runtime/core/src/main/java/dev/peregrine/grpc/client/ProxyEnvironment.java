// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.naming.Target;
import dev.peregrine.grpc.transport.HttpProxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says about proxies, in the variables that gRPC's other implementations read (gRFC A1, and the guide
 * to the default proxy mapper of gRPC Core). Immutable.
 */
final class ProxyEnvironment {

    /** The first that is set counts. {@code HTTP_PROXY} is not among them: a CGI server takes it from a request's header. */
    private static final List<String> PROXY =
            List.of("grpc_proxy", "GRPC_PROXY", "https_proxy", "HTTPS_PROXY", "http_proxy");

    private static final List<String> NO_PROXY = List.of("no_grpc_proxy", "NO_GRPC_PROXY", "no_proxy", "NO_PROXY");

    /** gRPC Core: the port of a proxy without one. */
    private static final int DEFAULT_PORT = 443;

    private final Map<String, String> variables;

    ProxyEnvironment(Map<String, String> variables) {
        this.variables = variables;
    }

    /**
     * The proxy for this target; null if it is reached straight.
     *
     * @throws IllegalArgumentException if a variable that counts names no proxy; its text, which may hold a password, is not
     *     repeated
     */
    @Nullable
    HttpProxy proxyFor(Target target) {
        String variable = first(PROXY);
        if (variable == null || !(target instanceof Target.Host host) || ProxyExceptions.isThisMachine(host.host())) {
            return null;
        }
        String exceptions = first(NO_PROXY);
        if (exceptions != null
                && ProxyExceptions.parse(variables.getOrDefault(exceptions, "")).include(host)) {
            return null;
        }
        return parse(variable, variables.getOrDefault(variable, ""));
    }

    private @Nullable String first(List<String> names) {
        for (String name : names) {
            if (!variables.getOrDefault(name, "").isBlank()) {
                return name;
            }
        }
        return null;
    }

    private static HttpProxy parse(String variable, String text) {
        URI uri;
        try {
            uri = new URI(text.contains("://") ? text.trim() : "http://" + text.trim());
        } catch (URISyntaxException withText) {
            throw notUnderstood(variable);
        }
        if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
            throw notUnderstood(variable);
        }
        String host = uri.getHost().replaceAll("[\\[\\]]", "");
        HttpProxy proxy = HttpProxy.of(host, uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
        String credentials = uri.getRawUserInfo();
        if (credentials == null) {
            return proxy;
        }
        int colon = credentials.indexOf(':');
        return colon < 0
                ? proxy.withCredentials(unescape(credentials), "")
                : proxy.withCredentials(
                        unescape(credentials.substring(0, colon)), unescape(credentials.substring(colon + 1)));
    }

    private static String unescape(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException notUnderstood(String variable) {
        return new IllegalArgumentException("the environment variable " + variable
                + " is not understood; expected http://host:port or http://user:password@host:port");
    }
}
