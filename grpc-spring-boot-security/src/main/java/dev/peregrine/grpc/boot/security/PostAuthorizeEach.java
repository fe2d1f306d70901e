// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Holds an expression against every response of a call, before it is sent: for streams, of which {@code @PostAuthorize} sees
 * nothing. The first response it is false for is not sent, and ends the call with PERMISSION_DENIED.
 *
 * <p>Goes on the method of a service that answers the call. Evaluated on the thread that sends.
 *
 * @see PreAuthorizeEach
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface PostAuthorizeEach {

    /** An expression as in {@link PreAuthorizeEach}; the response is {@code #message}. */
    String value();
}
