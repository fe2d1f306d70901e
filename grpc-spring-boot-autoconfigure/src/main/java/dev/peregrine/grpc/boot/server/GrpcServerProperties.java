// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.policy.MethodPolicyProperties;
import dev.peregrine.grpc.boot.policy.OverloadProperties;
import dev.peregrine.grpc.boot.policy.ServicePattern;
import dev.peregrine.grpc.transport.ProxyProtocol;
import dev.peregrine.grpc.transport.SocketEngine;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where a server listens and what it asks of its callers. The default server has these properties under
 * {@code grpc.server}, others under {@code grpc.servers.<name>}; {@link ConfiguredServers} says what those inherit.
 *
 * @param enabled Whether to start a server if there are services.
 * @param port Port to listen on, at every address that does not name one. 0 takes a free one. 9090 for the default
 * server, if not set.
 * @param address Addresses to listen on: host, host:port, [::1]:port, * for every interface, unix:/path, unix-abstract:name
 * or inprocess:name. Every interface, if not set. Unless TLS is set up, calls are not encrypted: then listen only where
 * callers you trust can reach it.
 * @param services Full names of services that are served here wherever else they are: pkg.Service, pkg.* for a package,
 * or *.
 * @param interceptors Names of interceptor beans that every call to this server goes through, in one order with the
 * global ones.
 * @param limits What callers may ask of the server.
 * @param keepalive What is made of silence on connections.
 * @param connection How long connections are kept.
 * @param ssl How the server speaks TLS.
 * @param executor Where blocking handlers run.
 * @param compression Encoding that responses are compressed with, such as gzip, where the caller can read it and the call
 * chooses nothing else. They are not compressed, if not set.
 * @param encodings Encodings that compressed requests may have and responses may get: gzip, and those of MessageEncoding
 * beans. All of these, if not set; none, if empty.
 * @param transport What sockets are made of. Those that -Dperegrine.transport names or the best that work, if not set.
 * @param proxyProtocol Whether every connection begins with a header of the PROXY protocol, whose word is taken for where
 * the client is: require it only where nobody but the proxies can reach the server.
 * @param methods What holds for certain methods. Where several entries match a method, each of its settings is taken from
 * the most specific one that has it.
 * @param overload How many calls the server handles at once.
 */
@ConfigurationProperties("grpc.server")
record GrpcServerProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable Integer port,
        @DefaultValue List<String> address,
        @DefaultValue List<String> services,
        @DefaultValue List<String> interceptors,
        @NestedConfigurationProperty @DefaultValue LimitsProperties limits,
        @NestedConfigurationProperty @DefaultValue KeepAliveProperties keepalive,
        @NestedConfigurationProperty @DefaultValue ConnectionProperties connection,
        @NestedConfigurationProperty @DefaultValue SslProperties ssl,
        @NestedConfigurationProperty @DefaultValue ExecutorProperties executor,
        @Nullable String compression,
        @Nullable List<String> encodings,
        @Nullable SocketEngine transport,
        @DefaultValue("off") ProxyProtocol proxyProtocol,
        @DefaultValue List<MethodPolicyProperties> methods,
        @NestedConfigurationProperty @DefaultValue OverloadProperties overload) {

    GrpcServerProperties {
        if (port != null && (port < 0 || port > 65_535)) {
            throw new IllegalArgumentException(
                    "port: " + port + " (expected: 0 to 65535; to have no server, set enabled to false)");
        }
        address = List.copyOf(address);
        services = services.stream().map(String::strip).toList();
        interceptors = List.copyOf(interceptors);
        methods = List.copyOf(methods);
        encodings = encodings == null ? null : List.copyOf(encodings);
        compression = compression == null || compression.isBlank() ? null : compression;
        // Refuse what the runtime would refuse, while it is known which properties are read.
        patterns(services);
        limits.toLimits();
        connection.toPolicy(keepalive);
    }

    /** What {@link #services} names. */
    List<ServicePattern> servicePatterns() {
        return patterns(services);
    }

    private static List<ServicePattern> patterns(List<String> services) {
        return services.stream().map(ServicePattern::new).toList();
    }
}
