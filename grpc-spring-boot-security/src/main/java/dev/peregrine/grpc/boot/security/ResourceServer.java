// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.authentication.OpaqueTokenAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;

/** What bearer tokens are: JWTs, or opaque ones that the server which issued them is asked about. */
public final class ResourceServer {

    private final BeanFactory beans;
    private final Places places;
    private @Nullable AuthenticationProvider provider;

    ResourceServer(BeanFactory beans, Places places) {
        this.beans = beans;
        this.places = places;
    }

    /** JWTs, checked by the application's {@link JwtDecoder}, which {@code spring.security.oauth2.resourceserver.jwt.*} makes. */
    public ResourceServer jwt() {
        return jwt(beans.getBean(JwtDecoder.class));
    }

    /** JWTs, checked by this decoder; their authorities are those that the application's {@link JwtAuthenticationConverter} says. */
    public ResourceServer jwt(JwtDecoder decoder) {
        JwtAuthenticationConverter converter =
                beans.getBeanProvider(JwtAuthenticationConverter.class).getIfUnique();
        return jwt(decoder, converter == null ? new JwtAuthenticationConverter() : converter);
    }

    /**
     * JWTs, checked by this decoder, with the authorities of this converter. Those of keys that have signed an accepted token
     * are checked without a bound; of others, whose keys may have to be fetched, so many at once as
     * {@code grpc.security.max-concurrent-authentications} says.
     */
    public ResourceServer jwt(JwtDecoder decoder, Converter<Jwt, ? extends AbstractAuthenticationToken> converter) {
        JwtAuthenticationProvider tokens = new JwtAuthenticationProvider(decoder);
        tokens.setJwtAuthenticationConverter(converter);
        provider = new JwtProvider(tokens, places.keys());
        return this;
    }

    /** Opaque tokens, by the application's introspector, which {@code spring.security.oauth2.resourceserver.opaquetoken.*} makes. */
    public ResourceServer opaqueToken() {
        return opaqueToken(beans.getBean(OpaqueTokenIntrospector.class));
    }

    /**
     * Opaque tokens, by this introspector; so many at once as {@code grpc.security.max-concurrent-authentications} says, as
     * each waits for another server.
     */
    public ResourceServer opaqueToken(OpaqueTokenIntrospector introspector) {
        OpaqueTokenAuthenticationProvider tokens = new OpaqueTokenAuthenticationProvider(introspector);
        beans.getBeanProvider(OpaqueTokenAuthenticationConverter.class).ifUnique(tokens::setAuthenticationConverter);
        provider = new BoundedProvider(tokens, places.checks());
        return this;
    }

    AuthenticationProvider provider() {
        if (provider == null) {
            throw new IllegalStateException(
                    "oauth2ResourceServer does not say what its tokens are; call jwt() or opaqueToken()");
        }
        return provider;
    }
}
