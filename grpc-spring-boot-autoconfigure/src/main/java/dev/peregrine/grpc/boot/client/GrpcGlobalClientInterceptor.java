// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.ClientInterceptor;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Puts a {@link ClientInterceptor} bean before every channel of {@code grpc.client.*}. Goes on a class, which becomes a
 * component by it, or on a {@code @Bean} method. Where there are several, {@link Order} decides: the lowest sees a call
 * first, and {@link GrpcClientInterceptorOrder} has the places of those that come with the starter. A client with
 * {@code grpc.client.<name>.global-interceptors=false} does without those at {@link GrpcClientInterceptorOrder#AUTHENTICATION}
 * or later.
 *
 * <p>On a field or a parameter it is a qualifier: a {@code List<ClientInterceptor>} there holds the global ones only.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.PARAMETER, ElementType.FIELD})
@Component
@Qualifier
public @interface GrpcGlobalClientInterceptor {}
