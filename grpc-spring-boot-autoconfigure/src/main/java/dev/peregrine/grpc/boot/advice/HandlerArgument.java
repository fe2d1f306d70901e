// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.advice;

import dev.peregrine.grpc.CallContext;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link GrpcExceptionHandler} may take beside its exception, the {@link CallContext} and the method: beans of this
 * type add to it. For the rooms of the starter, such as security; it may change with them.
 *
 * @param type the parameter's type, exactly
 * @param value what is passed for a call; asked on the thread of the call
 */
public record HandlerArgument<T>(Class<T> type, Function<CallContext, @Nullable T> value) {}
