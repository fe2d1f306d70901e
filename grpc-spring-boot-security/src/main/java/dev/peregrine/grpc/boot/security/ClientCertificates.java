// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.AuthenticationUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsByNameServiceWrapper;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationProvider;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.authentication.preauth.x509.SubjectX500PrincipalExtractor;
import org.springframework.security.web.authentication.preauth.x509.X509PrincipalExtractor;

/**
 * Whom a client's certificate names, and what they may. Whether the certificate is trusted has been decided by then, with the
 * handshake of the connection.
 */
public final class ClientCertificates {

    private final BeanFactory beans;
    private X509PrincipalExtractor principals = new SubjectX500PrincipalExtractor();
    private @Nullable Function<String, Collection<? extends GrantedAuthority>> authorities;

    ClientCertificates(BeanFactory beans) {
        this.beans = beans;
    }

    /** Whom the certificate names. Default: the common name of its subject. */
    public ClientCertificates principal(X509PrincipalExtractor principals) {
        this.principals = principals;
        return this;
    }

    /** What whom it names may. Default: what the application's {@link UserDetailsService} says, which then has to know them. */
    public ClientCertificates authorities(Function<String, Collection<? extends GrantedAuthority>> authorities) {
        this.authorities = authorities;
        return this;
    }

    GrpcAuthenticationExtractor extractor() {
        return new CertificateExtractor(principals);
    }

    AuthenticationProvider provider() {
        PreAuthenticatedAuthenticationProvider provider = new PreAuthenticatedAuthenticationProvider();
        provider.setPreAuthenticatedUserDetailsService(users());
        return provider;
    }

    private AuthenticationUserDetailsService<PreAuthenticatedAuthenticationToken> users() {
        Function<String, Collection<? extends GrantedAuthority>> given = authorities;
        if (given == null) {
            return new UserDetailsByNameServiceWrapper<>(beans.getBean(UserDetailsService.class));
        }
        return token -> new User(token.getName(), "", given.apply(token.getName()));
    }
}
