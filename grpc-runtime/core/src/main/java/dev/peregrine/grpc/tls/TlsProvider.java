// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.tls;

/** Whose implementation of TLS is used. */
public enum TlsProvider {
    /**
     * {@link #NATIVE} where it works and can do what the settings ask, else {@link #JDK}. It cannot restrict the cipher
     * suites of TLS 1.3, nor check names for a trust manager that is no {@code X509ExtendedTrustManager}.
     */
    AUTOMATIC,
    /** BoringSSL through {@code netty-tcnative-boringssl-static}, which the application adds to its dependencies. */
    NATIVE,
    /** The one that comes with Java. */
    JDK
}
