// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.secured;

import dev.peregrine.grpc.boot.security.GrpcSecurity;
import dev.peregrine.grpc.boot.security.GrpcSecurityChain;
import java.util.Collection;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;

/** Who calls, and what they may: people come with a token, the nightly job with a certificate. The rest is closed. */
@Configuration(proxyBeanMethods = false)
class AccessRules {

    @Bean
    GrpcSecurityChain accounts(GrpcSecurity grpc) {
        return grpc.oauth2ResourceServer(tokens -> tokens.jwt())
                .x509(certificates -> certificates.authorities(AccessRules::ofCertificate))
                .authorizeCalls(calls -> calls.matching("samples.secured.Accounts/Balance")
                        .hasAnyRole("TELLER", "MANAGER")
                        .matching("samples.secured.Accounts/Transfer")
                        .hasRole("MANAGER")
                        .matching("samples.secured.Accounts/Audit")
                        .hasRole("AUDITOR"))
                .build();
    }

    /** That the certificate is one of ours, the handshake has found out; here is asked whose it is. */
    private static Collection<? extends GrantedAuthority> ofCertificate(String commonName) {
        return commonName.equals("nightly-audit")
                ? AuthorityUtils.createAuthorityList("ROLE_AUDITOR")
                : AuthorityUtils.NO_AUTHORITIES;
    }
}
