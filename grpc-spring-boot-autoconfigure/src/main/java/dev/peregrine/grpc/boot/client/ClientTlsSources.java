// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.TlsSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * The TLS settings of clients, made of SSL bundles, one source for each bundle however many clients use it. When a bundle
 * changes, so does its source: connections that are made from then on use the new certificates, those that are open and
 * the calls on them stay. Names of servers are verified, whatever the bundle holds.
 */
final class ClientTlsSources {

    private static final Log log = LogFactory.getLog(ClientTlsSources.class);

    private final ObjectProvider<SslBundles> bundles;
    private final Map<String, TlsSource<ClientTls>> sources = new HashMap<>();

    ClientTlsSources(ObjectProvider<SslBundles> bundles) {
        this.bundles = bundles;
    }

    /**
     * Encrypts the channel, if details or properties say so.
     *
     * @throws FailureAnalyzedException if there is no such bundle, or it cannot be used
     */
    void apply(
            String client,
            GrpcClientProperties.Ssl properties,
            @Nullable GrpcConnectionDetails details,
            ManagedChannel.Builder channel) {
        SslBundle given = details == null ? null : details.getSslBundle();
        if (given != null) {
            channel.tls(settings(client, "its connection details", given));
        } else if (properties.isOn()) {
            String bundle = properties.bundle();
            if (bundle == null) {
                channel.tls();
            } else {
                channel.tls(source(client, bundle));
            }
        }
    }

    private synchronized TlsSource<ClientTls> source(String client, String bundle) {
        TlsSource<ClientTls> source = sources.get(bundle);
        if (source == null) {
            source = follow(client, bundle);
            sources.put(bundle, source);
        }
        return source;
    }

    private TlsSource<ClientTls> follow(String client, String bundle) {
        SslBundles all = bundles.getIfAvailable();
        if (all == null) {
            throw noBundle(client, bundle, List.of(), null);
        }
        try {
            TlsSource<ClientTls> source = TlsSource.of(settings(client, "'" + bundle + "'", all.getBundle(bundle)));
            all.addBundleUpdateHandler(bundle, changed -> replace(source, bundle, changed));
            return source;
        } catch (NoSuchSslBundleException none) {
            throw noBundle(client, bundle, all.getBundleNames(), none);
        }
    }

    /** Runs on the thread that noticed the change, which must go on to watch the files. */
    private static void replace(TlsSource<ClientTls> source, String bundle, SslBundle changed) {
        try {
            source.replace(BundleTls.client(changed));
            log.info("gRPC clients take up the SSL bundle '" + bundle + "', which has changed, when they connect next");
        } catch (RuntimeException unusable) {
            log.error(
                    "gRPC clients go on with the SSL bundle '" + bundle
                            + "' as it was: it has changed and cannot be used",
                    unusable);
        }
    }

    private static ClientTls settings(String client, String origin, SslBundle bundle) {
        try {
            return BundleTls.client(bundle);
        } catch (RuntimeException unusable) {
            throw new FailureAnalyzedException(
                    "The gRPC client '" + client + "' cannot use the SSL bundle of " + origin + ": "
                            + unusable.getMessage(),
                    "Correct the bundle: its certificates, keys and passwords, and the protocols and ciphers of its"
                            + " options, of which HTTP/2 does not allow all.",
                    unusable);
        }
    }

    private static FailureAnalyzedException noBundle(
            String client, String bundle, List<String> known, @Nullable Throwable cause) {
        return new FailureAnalyzedException(
                "The gRPC client '" + client + "' is to use the SSL bundle '" + bundle + "', and there is none of that"
                        + " name. " + (known.isEmpty() ? "There are no bundles." : "Bundles: " + known + "."),
                "Define it under spring.ssl.bundle.pem." + bundle + " or spring.ssl.bundle.jks." + bundle
                        + ", or correct " + ClientSettings.property(client, "ssl.bundle") + ".",
                cause);
    }
}
