/**
 * What exceptions become: {@link dev.peregrine.grpc.boot.advice.GrpcAdvice} beans and the services themselves say it with
 * {@link dev.peregrine.grpc.boot.advice.GrpcExceptionHandler} methods, other parts of the starter with a
 * {@link dev.peregrine.grpc.boot.advice.GrpcExceptionTranslator}.
 *
 * <p>Who may come in: applications, for the annotations. Thread rule: handler methods are found when a server starts, and
 * called on the thread of the call that failed. Start reading at {@code ErrorTranslation}.
 */
@NullMarked
package dev.peregrine.grpc.boot.advice;

import org.jspecify.annotations.NullMarked;
