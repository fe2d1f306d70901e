// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Listens to what the runtime logs as its own failure, and to what Netty warns of; both should never happen. */
public final class QuietLog extends Handler implements AutoCloseable {

    private static final List<String> EARS = List.of("dev.peregrine", "io.netty");

    private final List<Logger> loggers = EARS.stream().map(Logger::getLogger).toList();
    private final List<LogRecord> heard = new ArrayList<>();

    private final List<String> expected;

    /**
     * @param expected beginnings of messages that are right to come, because the application asks for them
     */
    public QuietLog(String... expected) {
        this.expected = List.of(expected);
        for (Logger logger : loggers) {
            logger.addHandler(this);
            logger.setUseParentHandlers(false);
        }
    }

    @Override
    public synchronized void publish(LogRecord entry) {
        boolean ours = entry.getLoggerName().startsWith("dev.peregrine");
        if (entry.getLevel().intValue() >= (ours ? Level.SEVERE : Level.WARNING).intValue()
                && expected.stream().noneMatch(entry.getMessage()::startsWith)) {
            heard.add(entry);
        }
    }

    /** Fails if anything was logged since the last time. */
    public synchronized void requireSilence() {
        if (!heard.isEmpty()) {
            LogRecord first = heard.get(0);
            heard.clear();
            throw new AssertionError("logged: " + first.getMessage(), first.getThrown());
        }
    }

    public synchronized void forget() {
        heard.clear();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        for (Logger logger : loggers) {
            logger.removeHandler(this);
            logger.setUseParentHandlers(true);
        }
    }
}
