// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A promise by the author of a blocking-style service method, or of all methods of a class, that it never blocks: no
 * I/O, no locks held long, no sleep. The runtime then runs it in place on the connection's event loop, which saves the
 * hop to another thread. A method that breaks the promise stalls every call of the connections on that loop.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface NonBlocking {}
