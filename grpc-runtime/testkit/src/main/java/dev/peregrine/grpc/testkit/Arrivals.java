// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/** What a socket brings, each piece with its {@link Latency}. */
final class Arrivals extends FilterInputStream {

    private final Latency latency;

    Arrivals(InputStream in, Latency latency) {
        super(in);
        this.latency = latency;
    }

    @Override
    public int read() throws IOException {
        int octet = super.read();
        pause();
        return octet;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int found = super.read(buffer, offset, length);
        pause();
        return found;
    }

    private void pause() throws IOException {
        try {
            TimeUnit.NANOSECONDS.sleep(latency.nextNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while octets were under way", e);
        }
    }
}
