// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.secured;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.security.converter.RsaKeyConverters;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/** Issues tokens to try the bank with. Where it matters that is the business of an authorization server, with keys of its own. */
class Tokens {

    private static final Duration VALID = Duration.ofHours(1);

    private final JwtEncoder encoder;

    /**
     * @param keys the directory of {@code tokens.key} and {@code tokens.pub}, in PEM
     */
    Tokens(Path keys) {
        try (InputStream open = Files.newInputStream(keys.resolve("tokens.pub"));
                InputStream secret = Files.newInputStream(keys.resolve("tokens.key"))) {
            RSAPublicKey publicKey = RsaKeyConverters.x509().convert(open);
            RSAPrivateKey privateKey = RsaKeyConverters.pkcs8().convert(secret);
            encoder = NimbusJwtEncoder.withKeyPair(publicKey, privateKey).build();
        } catch (IOException missing) {
            throw new UncheckedIOException("no keys to sign tokens with; make some, as the README says", missing);
        }
    }

    /** For somebody with these roles, for an hour. */
    String issue(String name, List<String> roles) {
        Instant now = Instant.now();
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .subject(name)
                .audience(List.of("accounts"))
                .claim("roles", roles)
                .issuedAt(now)
                .expiresAt(now.plus(VALID))
                .build();
        return encoder.encode(JwtEncoderParameters.from(
                        JwsHeader.with(SignatureAlgorithm.RS256).build(), claims))
                .getTokenValue();
    }
}
