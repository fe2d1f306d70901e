// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.transport.ServerStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One call before, between and behind the {@link ConcurrencyLimit}s of its method. It takes one place in each when its
 * handler is to begin, and gives all of them back once, however it ends.
 *
 * <pre>
 *              every limit has a place
 *   OUTSIDE ────────────────────────────▶ INSIDE ──┐
 *    │   │     one is full             ▲           │ the call has ended, and no thread is at work for it
 *    │   └─────────────────▶ WAITING ──┘ its turn  │
 *    │ ended                   │ ended             ▼
 *    └─────────────────────────┴────────────────▶ GONE
 * </pre>
 *
 * Where it may not wait either, a {@link CallRefusedException} ends the call.
 *
 * <p>A call of a blocking method comes by as the executor of its events. One on the event loop has no thread to be kept from,
 * and so cannot wait: it {@linkplain #enter enters} or is refused.
 *
 * <p>Thread rule: {@link #enter} and {@link #execute} on the connection's thread, the rest on any. Locks are taken in this
 * order: a call's, then a limit's. Executors are called under neither: some run their task before they return.
 */
final class Admission implements Executor {

    private enum State {
        OUTSIDE,
        WAITING,
        INSIDE,
        GONE
    }

    private final List<ConcurrencyLimit> limits;
    private final Executor executor;
    private final ServerStream stream;

    // Guarded by this.
    private State state = State.OUTSIDE;

    /** In how many of the limits, from the first on, this call has a place. */
    private int places;

    /** The events of a blocking call; always the same object. */
    private @Nullable Runnable events;

    /** Threads that were asked to deliver events, and have not come back. */
    private int atWork;

    private boolean ended;

    private Admission(List<ConcurrencyLimit> limits, Executor executor, ServerStream stream) {
        this.limits = limits;
        this.executor = executor;
        this.stream = stream;
    }

    /** For a call of the method; null if nothing limits it. */
    static @Nullable Admission to(ServedMethod<?, ?> method, ServerStream stream) {
        return method.limits().isEmpty() ? null : new Admission(method.limits(), method.blocking(), stream);
    }

    /**
     * Takes a place in every limit, for a call on the event loop.
     *
     * @throws CallRefusedException if one is full; then none is taken
     */
    synchronized void enter() {
        for (ConcurrencyLimit limit : limits) {
            if (!limit.enter()) {
                throw limit.refused(); // The end that follows gives back what was taken.
            }
            places++;
        }
        state = State.INSIDE;
    }

    /**
     * Has the events of a blocking call delivered, when there is a place for it.
     *
     * @throws CallRefusedException if there is none, and as many calls wait as may
     * @throws java.util.concurrent.RejectedExecutionException if there is one, and the executor is full
     */
    @Override
    public void execute(Runnable delivery) {
        synchronized (this) {
            if (state == State.OUTSIDE) {
                events = delivery;
                state = takePlaces(false);
            }
            if (state == State.WAITING) {
                return;
            }
            atWork++;
        }
        try {
            executor.execute(this::work);
        } catch (RuntimeException | Error unable) {
            runElsewhere(workDone());
            throw unable;
        }
    }

    /**
     * Takes the places that are missing, as far as they are there.
     *
     * @param promised whether it has waited before, and must not be refused any more
     */
    private State takePlaces(boolean promised) {
        while (places < limits.size()) {
            if (!limits.get(places).enterOrWait(this, promised)) {
                return State.WAITING;
            }
            places++;
        }
        return State.INSIDE;
    }

    /** Delivers events on this thread, and then those of calls that had their turn and that no executor takes. */
    private void work() {
        Admission next = this;
        while (next != null) {
            next.deliver();
            next = next.workDone();
        }
    }

    private void deliver() {
        Runnable delivery;
        synchronized (this) {
            delivery = events;
        }
        if (delivery == null) {
            return;
        }
        try {
            delivery.run();
        } catch (Throwable unforeseen) { // Calls deal with what handlers throw; the place must not be lost over it.
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, unforeseen);
        }
    }

    /** A thread has come back; returns a call for it to {@link #work} on. */
    private @Nullable Admission workDone() {
        return giveBack(comeBack());
    }

    /** A thread has come back; returns how many places are to be given back. */
    private synchronized int comeBack() {
        atWork--;
        return leaveIfDone();
    }

    /**
     * The call has been closed, or nobody waits for it any more. A call that waits gives up its turn, and its events are
     * delivered here and now, to let go of what they hold: that is told on the connection's thread. Further times do nothing.
     */
    void end() {
        Runnable dropped = null;
        int left;
        synchronized (this) {
            ended = true;
            if (state == State.WAITING) {
                limits.forEach(limit -> limit.forget(this));
                dropped = events;
            }
            left = leaveIfDone();
        }
        runElsewhere(giveBack(left));
        if (dropped != null) {
            dropped.run();
        }
    }

    /** Whether that was all; how many places are to be given back then. */
    private int leaveIfDone() {
        if (!ended || atWork > 0 || state == State.GONE) {
            return 0;
        }
        state = State.GONE;
        return places;
    }

    /**
     * Gives back the first so many places, the last of them first: who comes from the limits before it finds room there. Also those of
     * calls that thereby had their turn and have run in place, one behind the other: however many wait, the stack does not grow.
     *
     * @return a call that has its turn, and that its executor does not take; this thread's to run
     */
    private @Nullable Admission giveBack(int taken) {
        Admission spare = null;
        Deque<Turn> over = null;
        Admission giver = this;
        int places = taken;
        while (true) {
            for (int i = places - 1; i >= 0; i--) {
                Admission next = successorIn(giver.limits.get(i));
                if (next == null) {
                    continue;
                }
                Turn turn = new Turn(next);
                if (!turn.isTakenByExecutor()) {
                    runElsewhere(spare);
                    spare = next;
                } else if (turn.left > 0) {
                    over = over == null ? new ArrayDeque<>(4) : over;
                    over.add(turn);
                }
            }
            Turn turn = over == null ? null : over.poll();
            if (turn == null) {
                return spare;
            }
            giver = turn.call;
            places = turn.left;
        }
    }

    /** Gives the place to the first who waits and still wants it; returns the call if it can now begin. */
    private static @Nullable Admission successorIn(ConcurrencyLimit limit) {
        while (true) {
            Admission next = limit.leave();
            if (next == null) {
                return null;
            }
            State state = next.takeTurn();
            if (state != State.GONE) {
                return state == State.INSIDE ? next : null;
            }
        }
    }

    /** It has the place that it waited for; GONE if it does not want it any more. */
    private synchronized State takeTurn() {
        if (state == State.WAITING) { // Else it ended between its turn and this.
            places++;
            state = takePlaces(true);
            atWork = state == State.INSIDE ? 1 : 0;
        }
        return state;
    }

    /** A call was promised its turn, the running thread has no time for it, and nobody is left to be told that. */
    private static void runElsewhere(@Nullable Admission spare) {
        if (spare == null) {
            return;
        }
        try {
            Thread thread = new Thread(spare::work, "grpc-handler-overdue");
            thread.setDaemon(true);
            thread.start();
        } catch (RuntimeException | Error unable) {
            spare.refuse();
        }
    }

    /** There is no thread to be had at all. What is left to do is done when the transport tells of the end. */
    private void refuse() {
        boolean isToldAlready;
        synchronized (this) {
            atWork--;
            state = State.WAITING;
            isToldAlready = ended;
        }
        if (isToldAlready) {
            end(); // It was at work then, and kept everything.
            return;
        }
        CallRefusedException none = CallRefusedException.noThread();
        stream.end(none.status(), none.trailers());
    }

    /**
     * A call that has its turn, on the way to its executor. One that runs its task in place runs only that: the places are left to the
     * thread's {@link #giveBack}, which is under way.
     */
    private static final class Turn implements Runnable {

        final Admission call;

        /** Whose thread it is that gives the turn, while it does. Others need not see it: it is not theirs, whatever they see. */
        private @Nullable Thread giving = Thread.currentThread();

        private boolean inPlace;

        /** How many places the call has left that ran in place. */
        int left;

        Turn(Admission call) {
            this.call = call;
        }

        boolean isTakenByExecutor() {
            try {
                call.executor.execute(this);
                return true;
            } catch (RuntimeException
                    | Error full) { // Not only rejections: no memory for a thread, a decorator that fails.
                return inPlace;
            } finally {
                giving = null;
            }
        }

        @Override
        public void run() {
            if (giving != Thread.currentThread()) {
                call.work();
                return;
            }
            inPlace = true;
            call.deliver();
            left = call.comeBack();
        }
    }
}
