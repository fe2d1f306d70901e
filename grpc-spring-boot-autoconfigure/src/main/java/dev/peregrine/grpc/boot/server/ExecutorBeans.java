// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.util.concurrent.Executor;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.scheduling.concurrent.ExecutorConfigurationSupport;

/**
 * Finds the executors that properties and annotations name, for handlers to run on.
 *
 * <p>Spring's own stop, or wait for their tasks, before anything else does: with calls under way, before the servers have
 * said that they take no more. So those whose phase nobody chose stop after the servers have drained.
 */
final class ExecutorBeans {

    private final ListableBeanFactory beans;

    ExecutorBeans(ListableBeanFactory beans) {
        this.beans = beans;
    }

    /**
     * The bean of this name.
     *
     * @param where who names it, for the message
     * @throws FailureAnalyzedException if there is none, or it is no executor
     */
    Executor named(String name, String where) {
        try {
            Executor executor = beans.getBean(name, Executor.class);
            if (executor instanceof ExecutorConfigurationSupport pool
                    && pool.getPhase() == ExecutorConfigurationSupport.DEFAULT_PHASE) {
                pool.setPhase(ServerDrain.PHASE - 1);
            }
            return executor;
        } catch (NoSuchBeanDefinitionException | BeanNotOfRequiredTypeException missing) {
            throw new FailureAnalyzedException(
                    "There is no executor '" + name + "', which is named by " + where + ". Executors there are: "
                            + String.join(", ", beans.getBeanNamesForType(Executor.class)) + ".",
                    "Correct the name, or declare a bean of type java.util.concurrent.Executor.",
                    missing);
        }
    }
}
