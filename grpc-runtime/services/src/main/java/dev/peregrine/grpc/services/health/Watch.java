// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services.health;

import dev.peregrine.grpc.health.v1.HealthCheckResponse;
import dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One caller that watches one service. It keeps the latest status only: a caller that reads slowly hears where things
 * stand when it is ready, not everything that happened in between.
 *
 * <p>Thread rule: any thread may set and emit; {@code emitting} makes one of them speak to the subscriber at a time.
 */
final class Watch implements Flow.Subscription {

    private static final System.Logger LOG = System.getLogger(Watch.class.getName());

    private final HealthRegistry registry;
    private final String service;
    private final Flow.Subscriber<? super HealthCheckResponse> subscriber;

    private @Nullable ServingStatus latest;
    private @Nullable ServingStatus sent;
    private long demand;
    private boolean emitting;
    private boolean cancelled;

    Watch(HealthRegistry registry, String service, Flow.Subscriber<? super HealthCheckResponse> subscriber) {
        this.registry = registry;
        this.service = service;
        this.subscriber = subscriber;
    }

    String service() {
        return service;
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    synchronized void set(ServingStatus status) {
        latest = status;
    }

    /**
     * Sends what is new, as far as there is demand. A subscriber that throws is told nothing more (Reactive Streams §2.13), and
     * it is nobody else's trouble: others wait to be told behind it.
     */
    void emit() {
        try {
            ServingStatus next = begin();
            while (next != null) {
                subscriber.onNext(
                        HealthCheckResponse.newBuilder().setStatus(next).build());
                next = proceed();
            }
        } catch (RuntimeException | Error failed) {
            cancel();
            LOG.log(System.Logger.Level.WARNING, "a watch of health ends: its caller cannot be told", failed);
        }
    }

    private synchronized @Nullable ServingStatus begin() {
        return emitting ? null : take();
    }

    private synchronized @Nullable ServingStatus proceed() {
        emitting = false;
        return take();
    }

    private @Nullable ServingStatus take() {
        if (cancelled || demand == 0 || latest == sent) {
            return null;
        }
        emitting = true;
        sent = latest;
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        return sent;
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            cancel();
            subscriber.onError(
                    new IllegalArgumentException("demand: " + n + " (expected: > 0; Reactive Streams §3.9)"));
            return;
        }
        synchronized (this) {
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        }
        emit();
    }

    @Override
    public void cancel() {
        synchronized (this) {
            cancelled = true;
        }
        registry.remove(this);
    }
}
