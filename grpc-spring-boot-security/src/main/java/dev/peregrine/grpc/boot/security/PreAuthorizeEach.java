// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Holds an expression against every request of a call, before the handler sees it: for streams, of which
 * {@code @PreAuthorize} sees only the beginning. The first request it is false for ends the call with PERMISSION_DENIED, and
 * is not delivered.
 *
 * <pre>{@code
 * @PreAuthorizeEach("#message.tenant == authentication.name")
 * public Receipt upload(RequestReader<Document> documents) {
 * }</pre>
 *
 * <p>Goes on the method of a service that answers the call. Evaluated on the thread of the handler.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface PreAuthorizeEach {

    /**
     * An expression as in {@code @PreAuthorize}: {@code hasRole('X')}, {@code authentication}, {@code principal}, beans as
     * {@code @name}; the request is {@code #message}.
     */
    String value();
}
