// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.fuzz;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Plays random scripts, always the same ones unless told otherwise:
 *
 * <pre>
 * ./mvnw -pl grpc-runtime/core -am test -Pfuzz                     more of it, from a seed of the moment
 * ./mvnw ... -Pfuzz -Dfuzz.iterations=1000000                       so much of each kind
 * ./mvnw ... -Pfuzz -Dfuzz.seed=4711 -Dfuzz.iterations=1            the one that failed
 *     -Dtest=ServerConnectionFuzzTest -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 *
 * A failure names its seed and shows the script, without the steps it does not need.
 */
public final class Fuzz {

    /** Where a build starts; any number will do. */
    private static final long USUAL_SEED = 20_260_101;

    /** The seed of the first iteration; each next one has the next number. */
    private static final long FIRST_SEED = firstSeed();

    private static final Duration LONGEST_ITERATION = Duration.ofSeconds(30);
    private static final Duration SHRINKING = Duration.ofSeconds(20);

    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "fuzz-watch");
        thread.setDaemon(true);
        return thread;
    });

    private Fuzz() {}

    /** Plays a script, and throws if a promise is broken. */
    @FunctionalInterface
    public interface Play<O, S> {
        void play(Script<O, S> script) throws Exception;
    }

    /**
     * Plays the usual number of scripts, or as many as {@code -Dfuzz.iterations} says.
     *
     * @param optional whether a script makes sense without this step
     * @return how many that were
     */
    public static <O, S> int run(
            int usual, Function<Chance, Script<O, S>> writer, BiPredicate<O, S> optional, Play<O, S> play) {
        int iterations = iterations(usual);
        for (int i = 0; i < iterations; i++) {
            long seed = FIRST_SEED + i;
            Script<O, S> script = writer.apply(new Chance(seed));
            Throwable failure = failureOf(play, script, seed);
            if (failure != null) {
                throw report(seed, shrink(script, failure, optional, play, seed), failure);
            }
        }
        return iterations;
    }

    /** Plays what needs no script; a failure should say what it was about. */
    public static int repeat(int usual, Consumer<Chance> play) {
        return repeat(usual, 1, play);
    }

    /**
     * Plays something large, which counts as many iterations.
     *
     * @param usual how many iterations, not how many of these
     */
    public static int repeat(int usual, int weight, Consumer<Chance> play) {
        int times = Math.max(1, iterations(usual) / weight);
        for (int i = 0; i < times; i++) {
            long seed = FIRST_SEED + i;
            Script<Chance, Void> script = new Script<>(new Chance(seed), List.of());
            Throwable failure = failureOf(same -> play.accept(same.opening()), script, seed);
            if (failure != null) {
                throw report(seed, script, failure);
            }
        }
        return times;
    }

    private static int iterations(int usual) {
        return Integer.getInteger("fuzz.iterations", usual);
    }

    private static long firstSeed() {
        String said = System.getProperty("fuzz.seed", "");
        if (said.isEmpty()) {
            return USUAL_SEED;
        }
        return said.equals("random") ? System.currentTimeMillis() * 1_000_000 : Long.parseLong(said);
    }

    private static <O, S> @Nullable Throwable failureOf(Play<O, S> play, Script<O, S> script, long seed) {
        Thread player = Thread.currentThread();
        ScheduledFuture<?> watch = WATCH.schedule(
                () -> {
                    System.err.println("fuzz.seed " + seed + " hangs:");
                    for (StackTraceElement frame : player.getStackTrace()) {
                        System.err.println("\tat " + frame);
                    }
                    player.interrupt();
                },
                LONGEST_ITERATION.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            play.play(script);
            return null;
        } catch (Exception | Error failure) {
            return failure;
        } finally {
            watch.cancel(false);
        }
    }

    /** Leaves out as many steps as it can while the play still fails in the same way. */
    private static <O, S> Script<O, S> shrink(
            Script<O, S> failing, Throwable failure, BiPredicate<O, S> optional, Play<O, S> play, long seed) {
        Script<O, S> smallest = failing;
        long end = System.nanoTime() + SHRINKING.toNanos();
        for (int count = Math.max(1, failing.steps().size() / 2); count > 0; count /= 2) {
            int from = 0;
            while (from < smallest.steps().size() && System.nanoTime() < end) {
                Script<O, S> candidate = smallest.without(from, count, optional);
                Throwable now =
                        candidate.steps().size() == smallest.steps().size() ? null : failureOf(play, candidate, seed);
                if (now != null && kindOf(now).equals(kindOf(failure))) {
                    smallest = candidate;
                } else {
                    from += count;
                }
            }
        }
        return smallest;
    }

    /** What a failure is, without its numbers. */
    private static String kindOf(Throwable failure) {
        return String.valueOf(failure).replaceAll("(0x)?[0-9a-f]*[0-9][0-9a-f]*", "#");
    }

    private static AssertionError report(long seed, Script<?, ?> smallest, Throwable failure) {
        return new AssertionError(
                "fuzzing found a failure: " + failure + "\nplay it again with -Dfuzz.seed=" + seed
                        + " -Dfuzz.iterations=1\nsmallest script that fails:\n" + smallest,
                failure);
    }
}
