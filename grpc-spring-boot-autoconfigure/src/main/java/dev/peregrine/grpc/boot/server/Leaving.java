// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Says that the servers are about to go, as early as that is known: when the context begins to close, before anything of it
 * is stopped.
 *
 * <pre>
 *   staying ── context closes: REFUSING_TRAFFIC, GrpcServersStoppingEvent ──▶ leaving, with the delay to go
 *      ▲ └──── context stops only: GrpcServersStoppingEvent ────────────────▶ leaving, at once
 *      └────── context starts again ───────────────────────────────────────────┘
 * </pre>
 *
 * <p>Thread rule: the container's thread.
 */
final class Leaving implements ApplicationListener<ContextClosedEvent> {

    private static final Log log = LogFactory.getLog(Leaving.class);

    private final GrpcServers servers;
    private final ApplicationContext context;
    private final ObjectProvider<ApplicationAvailability> availability;
    private final Duration delay;
    private final AtomicBoolean leaving = new AtomicBoolean();
    private volatile long closedAt;
    private volatile boolean closing;

    /**
     * @param delay how long to go on after the context has begun to close
     */
    Leaving(
            GrpcServers servers,
            ApplicationContext context,
            ObjectProvider<ApplicationAvailability> availability,
            Duration delay) {
        this.servers = servers;
        this.context = context;
        this.availability = availability;
        this.delay = delay;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        if (event.getApplicationContext() != context) {
            return; // A child's, which passes it on to its parents.
        }
        closing = true;
        closedAt = System.nanoTime();
        guarded(this::refuseTraffic);
        leave();
    }

    /** Contexts with a web server have done that themselves. */
    private void refuseTraffic() {
        ApplicationAvailability known = availability.getIfAvailable();
        if (known == null || known.getReadinessState() != ReadinessState.REFUSING_TRAFFIC) {
            AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
        }
    }

    /** The servers run; they may leave, once. */
    void stay() {
        leaving.set(false);
    }

    /** Says it, if it was not said. */
    void leave() {
        if (servers.isRunning() && leaving.compareAndSet(false, true)) {
            guarded(() -> context.publishEvent(new GrpcServersStoppingEvent(servers)));
        }
    }

    /** How long the servers are to go on from now. */
    Duration remainingDelay() {
        if (!closing || !servers.isRunning()) {
            return Duration.ZERO; // An application that stops without being closed is stopped by somebody who knows.
        }
        Duration left = delay.minusNanos(System.nanoTime() - closedAt);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** What a listener throws must not keep the others, or the shutdown, from happening. */
    private static void guarded(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException failure) {
            log.error("A listener failed to hear that the gRPC servers are about to go", failure);
        }
    }
}
