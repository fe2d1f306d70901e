// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.CallContext;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.authentication.preauth.x509.X509PrincipalExtractor;

/** The certificate by which the caller's end of the connection has proved who it is: the leaf, and no other of its chain. */
final class CertificateExtractor implements GrpcAuthenticationExtractor {

    private final X509PrincipalExtractor principals;

    CertificateExtractor(X509PrincipalExtractor principals) {
        this.principals = principals;
    }

    @Override
    public @Nullable Authentication extract(CallContext call) {
        List<X509Certificate> chain = call.peer().certificates();
        if (chain.isEmpty()) {
            return null;
        }
        X509Certificate leaf = chain.get(0);
        return new PreAuthenticatedAuthenticationToken(principals.extractPrincipal(leaf), leaf);
    }
}
