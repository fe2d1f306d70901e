// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Hears what connections log, of both ends. */
final class ConnectionLog extends Handler implements BeforeEachCallback, AfterEachCallback {

    private final Logger logger = Logger.getLogger(Connection.class.getPackageName());
    private final BlockingQueue<LogRecord> records = new LinkedBlockingQueue<>();

    @Override
    public void beforeEach(ExtensionContext context) {
        logger.setLevel(Level.FINE);
        logger.addHandler(this);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        logger.removeHandler(this);
        logger.setLevel(null);
    }

    /** Waits for a line with this text at DEBUG, without a stack trace. */
    void expect(String text) throws InterruptedException {
        List<String> others = new ArrayList<>();
        long end = System.nanoTime() + ScriptedPeer.PATIENCE.toNanos();
        for (LogRecord record = poll(end); record != null; record = poll(end)) {
            String line = text(record);
            if (line.contains(text)) {
                if (record.getThrown() != null || record.getLevel().intValue() > Level.FINE.intValue()) {
                    throw new AssertionError(record.getLevel() + " " + line, record.getThrown());
                }
                return;
            }
            others.add(line);
        }
        throw new AssertionError("no connection logged '" + text + "', only " + others);
    }

    /** What has been logged above DEBUG. */
    List<String> loud() {
        return records.stream()
                .filter(record -> record.getLevel().intValue() > Level.FINE.intValue())
                .map(ConnectionLog::text)
                .toList();
    }

    private LogRecord poll(long end) throws InterruptedException {
        return records.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private static String text(LogRecord record) {
        return MessageFormat.format(record.getMessage(), record.getParameters());
    }

    @Override
    public void publish(LogRecord record) {
        records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
