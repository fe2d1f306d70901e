// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.advice;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.server.Unwrapping;
import java.util.List;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What the exceptions of one service become.
 *
 * @param handlers of the service and of advice, in the order in which they are asked
 * @param translators asked behind them
 */
record Translation(List<ExceptionHandlers> handlers, List<GrpcExceptionTranslator> translators) {

    private static final Log log = LogFactory.getLog(Translation.class);

    /** What to fail the call with instead; the exception itself if nobody knows better. */
    Throwable of(Throwable thrown, CallContext call) {
        Throwable bare = Unwrapping.bareOf(thrown);
        StatusException answer;
        try {
            answer = ask(bare, call);
        } catch (RuntimeException | Error failed) { // Both go to the log; the caller hears of neither.
            if (failed != bare) {
                failed.addSuppressed(bare);
            }
            return failed;
        }
        if (answer == null) {
            return bare;
        }
        if (log.isDebugEnabled()) {
            log.debug(call.method().fullName() + " answers with " + answer.status(), bare);
        }
        return answer;
    }

    private @Nullable StatusException ask(Throwable thrown, CallContext call) {
        // A service that answers with a status means it: a handler for all exceptions is not for this one.
        boolean answered = thrown instanceof StatusException status && !status.isOfCall();
        for (ExceptionHandlers each : handlers) {
            HandlerMethod handler = each.find(thrown, answered);
            StatusException answer = handler == null ? null : handler.handle(thrown, call);
            if (answer != null) {
                return answer;
            }
        }
        if (answered) {
            return null;
        }
        for (GrpcExceptionTranslator translator : translators) {
            StatusException answer = translator.translate(thrown, call);
            if (answer != null) {
                return answer;
            }
        }
        return null;
    }
}
