// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.advice;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusException;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Says what an exception becomes. On a method of a service, it counts for that service, before all advice; on a method of
 * a {@link GrpcAdvice}, for every service. Within a class the handler with the nearest type counts.
 *
 * <pre>{@code
 * @GrpcExceptionHandler
 * Status handle(OrderNotFoundException failure) {
 *     return Status.of(StatusCode.NOT_FOUND, "no order " + failure.orderId());
 * }
 * }</pre>
 *
 * The method takes, in any order and all optional, the exception, the {@link CallContext} and the {@link MethodDescriptor}
 * of the call; where there is security, the {@code Authentication}. It returns a {@link Status}, a {@link StatusException}, which may have trailers, or a
 * {@code com.google.rpc.Status}, which may have details; null, or OK, for "no idea", as if there were no handler. It may
 * throw instead: a {@code StatusException} is the answer; anything else leaves the call without one.
 *
 * <p>A {@link StatusException} that a service throws is an answer already: only a handler for exactly that type sees it.
 * One that a call to another service has thrown ({@link StatusException#isOfCall}) is an exception like any other.
 *
 * <p>{@code CompletionException}, {@code ExecutionException} and what proxies wrap around checked exceptions are taken off
 * before. Causes are not looked at otherwise.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Reflective
public @interface GrpcExceptionHandler {

    /** The exceptions; by default that of the method's parameter. */
    Class<? extends Throwable>[] value() default {};
}
