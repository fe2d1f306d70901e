// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.ssl;

import dev.peregrine.grpc.tls.TlsSettings;
import dev.peregrine.grpc.tls.TlsSource;
import java.util.function.Function;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * TLS settings that follow a bundle: when it is reloaded, new handshakes go by what it holds then, while connections that
 * are open stay as they are. A reloaded bundle that cannot be used is reported, and changes nothing.
 */
public final class BundledTls<T extends TlsSettings> {

    private static final Log log = LogFactory.getLog(BundledTls.class);

    private final String bundle;
    private final Function<SslBundle, T> settings;
    private final TlsSource<T> source;
    private SslBundle used;

    private BundledTls(String bundle, Function<SslBundle, T> settings, SslBundle first) {
        this.bundle = bundle;
        this.settings = settings;
        this.source = TlsSource.of(settings.apply(first));
        this.used = first;
    }

    /**
     * Settings from this bundle, from now on and for the life of the bundles: ask once for each use.
     *
     * @param bundles null if the application has none
     * @param bundle the bundle's name
     * @param property the property that names it, for messages
     * @param settings makes settings of a bundle, such as {@link BundleSettings#server}; throws
     *     {@link IllegalArgumentException} if it cannot
     * @throws FailureAnalyzedException if there is no such bundle, or it cannot be used
     */
    public static <T extends TlsSettings> TlsSource<T> follow(
            @Nullable SslBundles bundles, String bundle, String property, Function<SslBundle, T> settings) {
        if (bundles == null) {
            throw new FailureAnalyzedException(
                    property + " names the SSL bundle '" + bundle + "', but the application has no SSL bundles.",
                    "Do not exclude SslAutoConfiguration, or declare a bean of type SslBundles.");
        }
        BundledTls<T> tls = read(bundles, bundle, property, settings);
        bundles.addBundleUpdateHandler(bundle, tls::use);
        tls.catchUp(bundles);
        return tls.source;
    }

    private static <T extends TlsSettings> BundledTls<T> read(
            SslBundles bundles, String bundle, String property, Function<SslBundle, T> settings) {
        try {
            return new BundledTls<>(bundle, settings, bundles.getBundle(bundle));
        } catch (NoSuchSslBundleException missing) {
            throw new FailureAnalyzedException(
                    property + " names the SSL bundle '" + bundle + "', which does not exist. There are: "
                            + (bundles.getBundleNames().isEmpty()
                                    ? "none"
                                    : String.join(", ", bundles.getBundleNames()))
                            + ".",
                    "Define it under spring.ssl.bundle.pem." + bundle + " or spring.ssl.bundle.jks." + bundle
                            + ", or correct " + property + ".",
                    missing);
        } catch (RuntimeException unusable) {
            throw new FailureAnalyzedException(
                    "The SSL bundle '" + bundle + "', which " + property + " names, cannot be used: " + reason(unusable)
                            + ".",
                    "Correct what is set for it under spring.ssl.bundle, or name another bundle in " + property + ".",
                    unusable);
        }
    }

    /** A reload between the first look and the first day of following was told to nobody. */
    private synchronized void catchUp(SslBundles bundles) {
        SslBundle now = bundles.getBundle(bundle);
        if (now != used) {
            use(now);
        }
    }

    private synchronized void use(SslBundle updated) {
        used = updated;
        try {
            source.replace(settings.apply(updated));
            log.info("The SSL bundle '" + bundle + "' was reloaded: new gRPC connections use it");
        } catch (RuntimeException unusable) {
            log.error(
                    "The SSL bundle '" + bundle + "' was reloaded, but cannot be used: " + reason(unusable)
                            + ". gRPC goes on with what it held before.",
                    unusable);
        }
    }

    /** What is wrong, and in which file, is often told by different causes. */
    private static String reason(Throwable failure) {
        StringBuilder reason = new StringBuilder(String.valueOf(failure.getMessage()));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null && reason.indexOf(cause.getMessage()) < 0) {
                reason.append(": ").append(cause.getMessage());
            }
        }
        return reason.toString();
    }
}
