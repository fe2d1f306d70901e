// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pool that blocking handlers run on before JDK 21. */
@Timeout(60)
class BlockingExecutorsTest {

    private final ThreadPoolExecutor pool = BlockingExecutors.boundedPool();
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<String> logged = new ArrayList<>();
    private final Logger logger = Logger.getLogger(BlockingExecutors.class.getName());
    private final Handler ear = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            logged.add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(ear);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void release() {
        released.countDown();
        pool.shutdownNow();
        logger.removeHandler(ear);
        logger.setUseParentHandlers(true);
    }

    private void sleep() {
        try {
            released.await();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aCallBeyondThreadsAndQueueIsRefusedAndTheLogSaysOnceWhatHelps() {
        for (int i = 0; i < 200 + 1000; i++) {
            pool.execute(this::sleep);
        }

        for (int i = 0; i < 10; i++) {
            assertThatExceptionOfType(PoolFullException.class)
                    .isThrownBy(() -> pool.execute(this::sleep))
                    .withMessage("the server has no thread free for this call: all 200 are at work, and 1000 calls wait"
                            + " for one; try again later");
        }
        assertThat(logged).hasSize(1);
        assertThat(logged.get(0)).contains("200", "1000", "Server.Builder.blockingExecutor", "maxConcurrentCalls");
    }

    @Test
    void aPoolThatWasShutDownDoesNotSayThatItIsFull() {
        pool.shutdown();

        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> pool.execute(this::sleep))
                .withMessage("the server has shut down");
        assertThat(logged).isEmpty();
    }
}
