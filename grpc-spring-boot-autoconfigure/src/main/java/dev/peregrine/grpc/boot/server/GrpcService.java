// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.BindableService;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/**
 * Serves a bean to the network. Goes on a class, which becomes a component by it, or on a {@code @Bean} method; the bean
 * must be a {@link BindableService}, as implementations of generated service interfaces are. Without this annotation no
 * bean is served.
 *
 * <pre>{@code
 * @GrpcService
 * class GreeterService implements Greeter.Service {
 *     public HelloReply sayHello(HelloRequest request) { ... }
 * }
 * }</pre>
 *
 * @see GrpcServerInterceptorOrder where interceptors stand
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Component
public @interface GrpcService {

    /** The bean's name, for a class that is found by scanning; by default made from the class name. */
    @AliasFor(annotation = Component.class)
    String value() default "";

    /**
     * The servers that serve it, by their names in {@code grpc.servers.<name>}; {@link GrpcServers#DEFAULT} is the one of
     * {@code grpc.server}, {@link GrpcServers#ALL} every one. Placeholders are resolved. By default the default server,
     * unless the {@code services} of another one match it.
     */
    String[] servers() default {};

    /**
     * Interceptors of this service alone, behind the global ones and those of its server; the first sees a call first. The
     * bean of each type is used; where there is none, one is made, with its dependencies injected.
     */
    Class<? extends ServerInterceptor>[] interceptors() default {};

    /** More of them, by the names of their beans, behind those of {@link #interceptors}. */
    String[] interceptorNames() default {};

    /**
     * Whether the {@link GrpcGlobalServerInterceptor}s of the application stand before this service: those with the order
     * {@link GrpcServerInterceptorOrder#APPLICATION} or later. Earlier ones, such as observation and authentication,
     * always do, and so do those of the server.
     */
    boolean globalInterceptors() default true;

    /**
     * The bean name of the {@link java.util.concurrent.Executor} that blocking methods of this service run on; by default
     * that of the server.
     */
    String executor() default "";

    /**
     * Whether the streams of this service end as soon as the server begins to drain, with UNAVAILABLE, instead of using up
     * {@code grpc.server.shutdown.grace-period}: right for those that last until the caller has enough of them, and that
     * it begins again elsewhere, such as watches. Its unary calls may finish all the same.
     */
    boolean streamsWithoutGrace() default false;
}
