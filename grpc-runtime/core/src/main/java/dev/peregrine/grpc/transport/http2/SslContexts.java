// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsIdentity;
import dev.peregrine.grpc.tls.TlsProvider;
import dev.peregrine.grpc.tls.TlsSettings;
import dev.peregrine.grpc.tls.TlsTrust;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Makes a context of TLS from settings: HTTP/2 by ALPN only, and names always checked. */
final class SslContexts {

    /** RFC 8446 §B.4, as far as implementations have them. */
    private static final List<String> TLS_1_3_SUITES =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    /**
     * RFC 9113 §3.2. Without agreement the handshake goes on here, on both ends, so that {@link TlsStage} can say what is
     * wrong: the other reactions exist in one implementation only.
     */
    private static final ApplicationProtocolConfig ALPN = new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2);

    private SslContexts() {}

    /**
     * @throws IllegalArgumentException if it cannot be done, with the reason
     */
    static SslContext of(TlsSettings settings) {
        try {
            SslContext context =
                    settings instanceof ServerTls server ? ofServer(server) : ofClient((ClientTls) settings);
            // Some settings are looked at only when an engine is made; not by the first connection, please.
            ReferenceCountUtil.release(context.newEngine(ByteBufAllocator.DEFAULT));
            return context;
        } catch (SSLException | IllegalArgumentException failure) {
            throw new IllegalArgumentException("TLS cannot be set up: " + failure.getMessage(), failure);
        }
    }

    private static SslContext ofServer(ServerTls settings) throws SSLException {
        TlsTrust trust = settings.clientTrust();
        SslProvider provider = provider(settings, trust);
        SslContextBuilder builder = SslContextBuilder.forServer(keyManagers(settings.identity(), provider))
                .clientAuth(
                        switch (settings.clientAuth()) {
                            case NONE -> ClientAuth.NONE;
                            case OPTIONAL -> ClientAuth.OPTIONAL;
                            case REQUIRE -> ClientAuth.REQUIRE;
                        });
        if (trust != null) {
            builder.trustManager(explained(trust));
        }
        return build(builder, settings, provider);
    }

    private static SslContext ofClient(ClientTls settings) throws SSLException {
        TlsIdentity identity = settings.identity();
        SslProvider provider = provider(settings, settings.trust());
        SslContextBuilder builder = SslContextBuilder.forClient()
                .trustManager(explained(settings.trust()))
                // Names are checked as for HTTPS (RFC 9113 §3.3): the certificate must be the authority's.
                .endpointIdentificationAlgorithm("HTTPS");
        if (identity != null) {
            builder.keyManager(keyManagers(identity, provider));
        }
        return build(builder, settings, provider);
    }

    private static SslContext build(SslContextBuilder builder, TlsSettings settings, SslProvider provider)
            throws SSLException {
        if (settings.ciphers().isEmpty()) {
            builder.ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
        } else { // What was asked for, or an error.
            builder.ciphers(settings.ciphers(), IdentityCipherSuiteFilter.INSTANCE);
        }
        return builder.sslProvider(provider)
                .protocols(settings.protocols())
                .applicationProtocolConfig(ALPN)
                .build();
    }

    private static SslProvider provider(TlsSettings settings, @Nullable TlsTrust trust) {
        if (settings.provider() == TlsProvider.JDK) {
            return SslProvider.JDK;
        }
        String obstacle = nativeObstacle(settings, trust);
        if (obstacle == null) {
            return SslProvider.OPENSSL;
        }
        if (settings.provider() == TlsProvider.NATIVE) {
            throw new IllegalArgumentException(obstacle + "; choose the provider AUTOMATIC or JDK");
        }
        return SslProvider.JDK;
    }

    /** Why the native implementation would not do what is asked; null if it would. */
    private static @Nullable String nativeObstacle(TlsSettings settings, @Nullable TlsTrust trust) {
        if (!OpenSsl.isAvailable() || !SslProvider.isAlpnSupported(SslProvider.OPENSSL)) {
            Throwable cause = OpenSsl.unavailabilityCause();
            return "the native implementation of TLS does not work here"
                    + (cause == null ? "" : " (" + cause + ")")
                    + "; it needs the dependency io.netty:netty-tcnative-boringssl-static, of this platform";
        }
        if (trust != null && !(trust.manager() instanceof X509ExtendedTrustManager)) {
            return "the native implementation of TLS does not check names for the trust manager "
                    + trust.manager().getClass().getName() + ", which is no X509ExtendedTrustManager";
        }
        if (settings.protocols().contains("TLSv1.3")
                && !settings.ciphers().isEmpty()
                && !settings.ciphers().containsAll(TLS_1_3_SUITES)) {
            return "the native implementation of TLS uses all cipher suites of TLS 1.3 or none of them, but those allowed are "
                    + settings.ciphers();
        }
        return null;
    }

    /** The native implementation needs keys in a form of its own, which is worth keeping if they do not change. */
    private static KeyManagerFactory keyManagers(TlsIdentity identity, SslProvider provider) {
        return provider == SslProvider.OPENSSL && identity.isFixed()
                ? new OpenSslCachingX509KeyManagerFactory(identity.keyManagers())
                : identity.keyManagers();
    }

    private static X509TrustManager explained(TlsTrust trust) {
        return trust.manager() instanceof X509ExtendedTrustManager extended
                ? new ExplainingTrust(extended)
                : trust.manager(); // Wrapped by the JDK, which then checks the name.
    }
}
