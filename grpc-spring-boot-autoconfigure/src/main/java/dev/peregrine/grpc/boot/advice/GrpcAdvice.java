// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.advice;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * A bean whose {@link GrpcExceptionHandler} methods say, for every service, what exceptions become. Goes on a class, which
 * becomes a component by it, or on a {@code @Bean} method. Of several the one with the lowest {@link Order} is asked first;
 * the first that has a handler for an exception decides.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Component
public @interface GrpcAdvice {

    /** The bean's name, for a class that is found by scanning; by default made from the class name. */
    @AliasFor(annotation = Component.class)
    String value() default "";
}
