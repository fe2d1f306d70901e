// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * What was thrown, without what the JDK puts around it: a stage, a future, a proxy and a reflective call say nothing of
 * their own. Everybody who asks what a handler meant asks here, so that all come to the same answer.
 */
public final class Unwrapping {

    private Unwrapping() {}

    /** The innermost exception that somebody threw on purpose; the exception itself if nothing is around it. */
    public static Throwable bareOf(Throwable thrown) {
        Throwable bare = thrown;
        while (isWrapper(bare)) {
            Throwable inside = bare.getCause();
            if (inside == null) {
                return bare;
            }
            bare = inside;
        }
        return bare;
    }

    private static boolean isWrapper(Throwable thrown) {
        return thrown instanceof CompletionException
                || thrown instanceof ExecutionException
                || thrown instanceof UndeclaredThrowableException
                || thrown instanceof InvocationTargetException;
    }
}
