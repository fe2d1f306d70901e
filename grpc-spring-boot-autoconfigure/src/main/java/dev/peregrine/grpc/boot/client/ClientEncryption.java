// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.boot.ssl.BundleSettings;
import dev.peregrine.grpc.boot.ssl.BundledTls;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.TlsProvider;
import dev.peregrine.grpc.tls.TlsSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * Encrypts channels. The bundle of the connection details counts before that of the properties, which is followed when it
 * is reloaded. Whatever a bundle holds, the names of servers are verified.
 *
 * <p>A bundle is followed once for all clients that use it alike: bundles never forget who follows them, and a client that
 * cannot be made may be asked for again and again.
 */
final class ClientEncryption {

    private final ObjectProvider<SslBundles> bundles;
    private final Map<Use, TlsSource<ClientTls>> followed = new ConcurrentHashMap<>();

    /** What settings of TLS are made of. */
    private record Use(String bundle, TlsProvider provider) {}

    ClientEncryption(ObjectProvider<SslBundles> bundles) {
        this.bundles = bundles;
    }

    /**
     * @throws FailureAnalyzedException if there is no such bundle, or it cannot be used
     */
    void apply(
            String client,
            GrpcClientProperties.Ssl properties,
            @Nullable GrpcConnectionDetails details,
            ManagedChannel.Builder channel) {
        SslBundle given = details == null ? null : details.getSslBundle();
        String named = properties.bundle();
        if (given != null) {
            channel.tls(settings(client, given, properties.provider()));
        } else if (properties.isOn() && named != null) {
            channel.tls(follow(client, new Use(named, properties.provider())));
        } else if (properties.isOn()) {
            channel.tls(ClientTls.systemRoots().withProvider(properties.provider()));
        }
    }

    private TlsSource<ClientTls> follow(String client, Use use) {
        SslBundles all = bundles.getIfAvailable(); // asked here, not under the lock of the map
        return followed.computeIfAbsent(
                use,
                missing -> BundledTls.follow(
                        all,
                        use.bundle(),
                        ClientSettings.property(client, "ssl.bundle"),
                        bundle -> BundleSettings.client(bundle, use.provider())));
    }

    private static ClientTls settings(String client, SslBundle bundle, TlsProvider provider) {
        try {
            return BundleSettings.client(bundle, provider);
        } catch (RuntimeException unusable) {
            throw new FailureAnalyzedException(
                    "The gRPC client '" + client + "' cannot use the SSL bundle of its connection details: "
                            + unusable.getMessage() + ".",
                    "Correct the bundle: its certificates, keys and passwords, and the protocols and ciphers of its"
                            + " options, of which HTTP/2 does not allow all.",
                    unusable);
        }
    }
}
