// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.ServerInterceptor;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Puts a {@link ServerInterceptor} bean before every service. Goes on a class, which becomes a component by it, or on a
 * {@code @Bean} method. Where there are several, {@link Order} decides: the lowest sees a call first; {@link
 * GrpcServerInterceptorOrder} has the places of those that the starter brings.
 *
 * <p>On a field or a parameter it is a qualifier: only interceptors with the annotation are injected there.
 *
 * @see GrpcService#globalInterceptors services that do without
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.PARAMETER, ElementType.FIELD})
@Component
@Qualifier
public @interface GrpcGlobalServerInterceptor {}
