// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much later than over a loopback socket the octets of one connection arrive, in both directions: each piece by a
 * random time up to the longest one, in order. None by default. The system property {@value #PROPERTY}, {@code 5ms} for
 * example, gives it to every peer: that finds the tests which are right only as long as octets arrive at once.
 *
 * <p>The times follow from the system property {@value #SEED_PROPERTY}, a number, and differ between connections. Safe
 * to share.
 */
final class Latency {

    static final String PROPERTY = "testkit.latency";
    static final String SEED_PROPERTY = "testkit.latency.seed";

    private static final Pattern MILLISECONDS = Pattern.compile("(\\d{1,6})ms");
    private static final AtomicLong CONNECTIONS = new AtomicLong();

    private final long longestNanos;
    private final Random random;

    Latency(Duration longest, long seed) {
        this.longestNanos = longest.toNanos();
        this.random = new Random(seed);
    }

    /** What the system properties say, for a further connection. */
    static Latency ofSystem() {
        Duration longest = parse(System.getProperty(PROPERTY, "0ms"));
        return new Latency(longest, Long.getLong(SEED_PROPERTY, 0) + CONNECTIONS.getAndIncrement());
    }

    static Duration parse(String text) {
        Matcher milliseconds = MILLISECONDS.matcher(text);
        if (!milliseconds.matches()) {
            throw new IllegalArgumentException("-D" + PROPERTY + "=" + text
                    + " is not a latency: give the longest one in milliseconds, 0ms to 999999ms");
        }
        return Duration.ofMillis(Long.parseLong(milliseconds.group(1)));
    }

    boolean isNone() {
        return longestNanos == 0;
    }

    /** How long the next piece is under way; 0 if there is no latency. */
    long nextNanos() {
        return (long) (random.nextDouble() * longestNanos);
    }
}
