// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.ServerInterceptor;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Puts interceptors before one method of a service: innermost, behind those of the service. Goes on the method of a
 * {@link GrpcService} class that answers the calls.
 *
 * @see GrpcServerInterceptorOrder the places of those that stand before
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface GrpcServerInterceptors {

    /** As {@link GrpcService#interceptors}. */
    Class<? extends ServerInterceptor>[] value() default {};

    /** As {@link GrpcService#interceptorNames}: names of beans, behind those of {@link #value}. */
    String[] interceptorNames() default {};
}
