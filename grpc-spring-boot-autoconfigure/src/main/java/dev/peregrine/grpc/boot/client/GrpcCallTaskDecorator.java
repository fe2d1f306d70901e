// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.CallContext;
import org.springframework.core.task.TaskDecorator;

/**
 * Makes the call that is answered where a task is handed over the current call of the thread that runs the task, so that
 * calls made there end with it and have no more time than it has. As a bean it counts for Spring Boot's task executors;
 * with Micrometer's context propagation on the class path, its {@code ContextPropagatingTaskDecorator} does the same and
 * this one is not needed.
 */
public final class GrpcCallTaskDecorator implements TaskDecorator {

    @Override
    public Runnable decorate(Runnable task) {
        CallContext answered = CallContext.currentOrNull();
        if (answered == null) {
            return task;
        }
        return () -> {
            CallContext.Scope scope = answered.makeCurrent();
            try {
                task.run();
            } finally {
                scope.close();
            }
        };
    }
}
