// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.advice;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.StatusException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;

/**
 * Says what exceptions of some library become. Beans of this type are asked, in {@link Order}, when neither the service nor
 * any {@link GrpcAdvice} has a handler: applications can always decide otherwise. Called on the thread of the call.
 */
@FunctionalInterface
public interface GrpcExceptionTranslator {

    /** The answer; null if this exception is not of that library. */
    @Nullable
    StatusException translate(Throwable thrown, CallContext call);
}
