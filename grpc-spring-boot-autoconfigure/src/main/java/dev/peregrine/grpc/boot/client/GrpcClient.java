// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.client.ManagedChannel;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Injects a client that calls the target {@code grpc.client.<name>.target}. Goes on a field, a setter, or a parameter of a
 * constructor or {@code @Bean} method, whose type is a generated client such as {@code Greeter.Client}, a
 * {@link Channel} or a {@link ManagedChannel}. It may be put on an annotation of your own, which then means the same.
 *
 * <pre>{@code
 * GreetingController(@GrpcClient("greeter") Greeter.Client greeter) { ... }
 * }</pre>
 *
 * All clients of one name share one channel. It connects when the first call is made, and is closed when the beans that
 * use it are gone; do not close it yourself.
 *
 * <p>If there is a bean for it, that is injected: one that {@link ImportGrpcClients} registered for the same name, one of
 * the same type that is called like the client, or a mock that a test has put in its place.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.ANNOTATION_TYPE})
@Autowired
public @interface GrpcClient {

    /** The name under {@code grpc.client}; may contain <code>${...}</code> placeholders. */
    String value();

    /**
     * Interceptors of this injection point alone, inside those of the channel; the first sees a call first. The bean of each
     * type is used; where there is none, one is made, with its dependencies injected. For interceptors of all clients of the
     * name there is {@code grpc.client.<name>.interceptors}.
     *
     * @see GrpcClientInterceptorOrder
     */
    Class<? extends ClientInterceptor>[] interceptors() default {};

    /** More of them, by the names of their beans, behind those of {@link #interceptors}. */
    String[] interceptorNames() default {};
}
