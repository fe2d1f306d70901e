// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.task.SimpleAsyncTaskExecutorBuilder;
import org.springframework.boot.task.ThreadPoolTaskExecutorBuilder;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Decides where blocking handlers run: on the executor that is named, on virtual threads where Spring Boot is told to use
 * them, else on a bounded pool of the server's own. {@link TaskDecorator} beans are applied as Spring Boot's builders do.
 */
final class HandlerThreadsFactory {

    /** As many as Spring Boot's web servers have; a blocked platform thread costs about a megabyte. */
    private static final int POOL_SIZE = 200;

    /** Calls that wait longer than these take have seldom a caller left. */
    private static final int QUEUE_CAPACITY = 1000;

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

    private static final String PREFIX = "grpc-handler-";

    private final ListableBeanFactory beans;
    private final Environment environment;
    private final ExecutorBeans executors;

    HandlerThreadsFactory(ListableBeanFactory beans, Environment environment, ExecutorBeans executors) {
        this.beans = beans;
        this.environment = environment;
        this.executors = executors;
    }

    /**
     * @throws FailureAnalyzedException if the properties contradict each other, or name what there is not
     */
    HandlerThreads make(String server, ExecutorProperties properties) {
        if (properties.bean() != null) {
            requireNothingElse(server, properties);
            return ofBean(server, properties.bean());
        }
        return isVirtual(server, properties) ? virtual() : pool(properties);
    }

    private boolean isVirtual(String server, ExecutorProperties properties) {
        if (properties.virtual() == null) {
            return Threading.VIRTUAL.isActive(environment);
        }
        if (properties.virtual() && Runtime.version().feature() < 21) {
            throw new FailureAnalyzedException(
                    ConfiguredServers.property(server, "executor.virtual") + " is true, but this is Java "
                            + Runtime.version().feature() + ".",
                    "Run on Java 21 or newer, or do not set it: spring.threads.virtual.enabled asks for virtual threads"
                            + " where there are such.");
        }
        return properties.virtual();
    }

    private HandlerThreads virtual() {
        String description = "virtual threads";
        if (beans.getBeanNamesForType(TaskDecorator.class).length == 0) {
            return new HandlerThreads(null, description, () -> {});
        }
        // A limit would make whoever hands the call over wait, and that is an event loop.
        SimpleAsyncTaskExecutor executor = beans.getBeanProvider(SimpleAsyncTaskExecutorBuilder.class)
                .getIfAvailable(SimpleAsyncTaskExecutorBuilder::new)
                .virtualThreads(true)
                .concurrencyLimit(SimpleAsyncTaskExecutor.UNBOUNDED_CONCURRENCY)
                .threadNamePrefix(PREFIX)
                .build();
        return new HandlerThreads(executor, description, executor::close);
    }

    private HandlerThreads pool(ExecutorProperties properties) {
        int size = properties.poolSize() == null ? POOL_SIZE : properties.poolSize();
        int queue = properties.queueCapacity() == null ? QUEUE_CAPACITY : properties.queueCapacity();
        ThreadPoolTaskExecutor executor = beans.getBeanProvider(ThreadPoolTaskExecutorBuilder.class)
                .getIfAvailable(ThreadPoolTaskExecutorBuilder::new)
                .corePoolSize(1)
                .maxPoolSize(size)
                .queueCapacity(queue)
                .allowCoreThreadTimeOut(true)
                .keepAlive(KEEP_ALIVE)
                .threadNamePrefix(PREFIX)
                .configure(new HandlerPool());
        executor.setDaemon(true);
        executor.initialize();
        return new HandlerThreads(executor, "a pool of " + size + " threads", executor::shutdown);
    }

    private HandlerThreads ofBean(String server, String bean) {
        Executor executor = executors.named(bean, ConfiguredServers.property(server, "executor.bean"));
        return new HandlerThreads(executor, "the executor '" + bean + "'", () -> {});
    }

    private static void requireNothingElse(String server, ExecutorProperties properties) {
        List<String> others = new ArrayList<>();
        addIfSet("virtual", properties.virtual(), others);
        addIfSet("pool-size", properties.poolSize(), others);
        addIfSet("queue-capacity", properties.queueCapacity(), others);
        if (!others.isEmpty()) {
            String prefix = ConfiguredServers.property(server, "executor");
            throw new FailureAnalyzedException(
                    prefix + ".bean is set to '" + properties.bean() + "', and beside it " + String.join(", ", others)
                            + ", which would do nothing.",
                    "Remove either. What grpc.server.executor sets counts for the other servers too; an empty value of "
                            + prefix + ".bean undoes that.");
        }
    }

    private static void addIfSet(String name, @Nullable Object value, List<String> set) {
        if (value != null) {
            set.add(name + "=" + value);
        }
    }
}
