// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import static dev.peregrine.grpc.client.ClientScript.answerTo;

import dev.peregrine.grpc.StatusException;
import java.util.concurrent.CompletableFuture;

/** A thread that blocks and is interrupted, or finds its call closed. */
final class Interrupted {

    private final CompletableFuture<Object> outcome = new CompletableFuture<>();
    private volatile boolean flag;
    private final Thread thread;

    Interrupted(Runnable blocking) {
        thread = new Thread(() -> {
            try {
                blocking.run();
                outcome.complete("nothing thrown");
            } catch (Throwable thrown) {
                flag = Thread.currentThread().isInterrupted();
                outcome.complete(thrown);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    void interrupt() {
        thread.interrupt();
    }

    StatusException thrown() {
        return (StatusException) answerTo(outcome);
    }

    boolean flagWasKept() {
        return flag;
    }
}
