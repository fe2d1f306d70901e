// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.boot.migration.LostEncryption;
import dev.peregrine.grpc.boot.ssl.BundleSettings;
import dev.peregrine.grpc.boot.ssl.BundledTls;
import dev.peregrine.grpc.tls.ClientAuth;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsSource;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.ssl.SslBundles;

/**
 * Decides whether a server speaks TLS, and refuses settings that look like TLS and would give plaintext. A source is made
 * once for a server and kept when the context is started again: bundles never forget who follows them.
 */
final class ServerTlsFactory {

    private final ObjectProvider<SslBundles> bundles;
    private final LostEncryption lost;
    private final Map<String, TlsSource<ServerTls>> sources = new HashMap<>();

    ServerTlsFactory(ObjectProvider<SslBundles> bundles, LostEncryption lost) {
        this.bundles = bundles;
        this.lost = lost;
    }

    /**
     * The TLS of this server; null for plaintext, as where all callers are in the process and there is nothing to encrypt.
     *
     * @throws FailureAnalyzedException if the properties contradict each other, or the bundle cannot be used
     */
    @Nullable
    TlsSource<ServerTls> make(String server, SslProperties properties, List<SocketAddress> addresses) {
        if (Boolean.FALSE.equals(properties.enabled())) {
            return null;
        }
        boolean withinProcess = addresses.stream().allMatch(InProcessAddress.class::isInstance);
        if (!withinProcess) {
            lost.refuseServer(ConfiguredServers.prefix(server));
        }
        String bundle = properties.bundle();
        if (bundle == null) {
            requireNoTls(server, properties);
            return null;
        }
        if (withinProcess) {
            return null;
        }
        return sources.computeIfAbsent(
                server,
                name -> BundledTls.follow(
                        bundles.getIfAvailable(),
                        bundle,
                        ConfiguredServers.property(name, "ssl.bundle"),
                        found -> BundleSettings.server(found, properties.clientAuth(), properties.provider())));
    }

    private static void requireNoTls(String server, SslProperties properties) {
        String contradicting;
        if (Boolean.TRUE.equals(properties.enabled())) {
            contradicting = "ssl.enabled is true";
        } else if (properties.clientAuth() != ClientAuth.NONE) {
            contradicting =
                    "ssl.client-auth is " + properties.clientAuth().name().toLowerCase(Locale.ROOT);
        } else {
            return;
        }
        throw new FailureAnalyzedException(
                "The gRPC server" + GrpcServers.quoted(server) + " has no certificate to speak TLS with: "
                        + ConfiguredServers.property(server, contradicting) + ", but "
                        + ConfiguredServers.property(server, "ssl.bundle") + " is not set.",
                "Name an SSL bundle in " + ConfiguredServers.property(server, "ssl.bundle") + ", defined under"
                        + " spring.ssl.bundle; or set " + ConfiguredServers.property(server, "ssl.enabled")
                        + " to false for plaintext.");
    }
}
