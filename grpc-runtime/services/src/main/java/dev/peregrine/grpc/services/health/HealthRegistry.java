// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services.health;

import dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of its health: a status for each service by its full name, and one for the whole server under the
 * empty name. The server as a whole is SERVING until somebody reports otherwise, as with gRPC in other languages: probes that
 * name no service ask for that. Any other name that was never reported is unknown. All methods may be called from any thread; watchers hear each
 * change in the order it was made, and may miss one that was overtaken by the next.
 */
public final class HealthRegistry {

    /** The name of the server as a whole. */
    public static final String SERVER = "";

    /** The most characters of a name. Callers choose what they ask for, and a watch keeps it as long as it is open. */
    static final int MAX_NAME = 256;

    private final Map<String, ServingStatus> reported = new HashMap<>();
    private final Map<String, Set<Watch>> watches = new HashMap<>();
    private boolean leaving;
    private Set<String> unaffected = Set.of();

    public HealthRegistry() {
        reported.put(SERVER, ServingStatus.SERVING);
    }

    /**
     * Reports the status of a service, known or new; elsewhere called {@code setStatus}.
     *
     * @param service the full name, or {@link #SERVER}
     * @throws IllegalArgumentException for SERVICE_UNKNOWN, which only watchers are told, and UNRECOGNIZED; for a name of more
     *     than 256 characters, which no caller may ask for
     */
    public void report(String service, ServingStatus status) {
        Objects.requireNonNull(service, "service");
        if (status == ServingStatus.SERVICE_UNKNOWN || status == ServingStatus.UNRECOGNIZED) {
            throw new IllegalArgumentException("status of '" + service + "': " + status
                    + " (expected: SERVING, NOT_SERVING or UNKNOWN; to make a service unknown, forget it)");
        }
        if (service.length() > MAX_NAME) {
            throw new IllegalArgumentException("service: a name of " + service.length() + " characters, '"
                    + service.substring(0, 20) + "...' (expected: at most " + MAX_NAME + ")");
        }
        change(service, status);
    }

    /**
     * The service is not part of this server any more: who watches it hears SERVICE_UNKNOWN. Elsewhere called
     * {@code clearStatus}.
     */
    public void forget(String service) {
        change(Objects.requireNonNull(service, "service"), null);
    }

    /**
     * The server is about to shut down: everything is NOT_SERVING, whatever is reported, until {@link #stay}. Call it
     * before the server stops taking calls, so that load balancers go elsewhere in time. Elsewhere called {@code shutdown} or
     * {@code enterTerminalState}.
     */
    public void leave() {
        leave(Set.of());
    }

    /**
     * As {@link #leave()}, but these names are told as they are reported: those that say something else than whether to
     * send calls here.
     */
    public void leave(Set<String> unaffected) {
        setLeaving(true, unaffected);
    }

    /**
     * The server is back: what was reported last, also while it was leaving, is told again. Elsewhere called {@code resume},
     * which there makes everything SERVING.
     */
    public void stay() {
        setLeaving(false, Set.of());
    }

    /** The status of a service now; null if it is not known. */
    public synchronized @Nullable ServingStatus status(String service) {
        return told(service, reported.get(service));
    }

    /** The status of all services that are known, by name. */
    public synchronized Map<String, ServingStatus> statuses() {
        Map<String, ServingStatus> all = new TreeMap<>();
        reported.forEach((service, status) -> all.put(service, Objects.requireNonNull(told(service, status))));
        return all;
    }

    /** Begins to tell the watch of its service, the status of now first. */
    void add(Watch watch) {
        synchronized (this) {
            if (watch.isCancelled()) {
                return; // Before it began; nobody would remove it any more.
            }
            watches.computeIfAbsent(watch.service(), service -> new HashSet<>()).add(watch);
            watch.set(toldToWatchers(watch.service()));
        }
        watch.emit();
    }

    void remove(Watch watch) {
        synchronized (this) {
            watches.computeIfPresent(watch.service(), (service, watching) -> {
                watching.remove(watch);
                return watching.isEmpty() ? null : watching;
            });
        }
    }

    /** How many calls are watching now. */
    public synchronized int watchers() {
        return watches.values().stream().mapToInt(Set::size).sum();
    }

    private void change(String service, @Nullable ServingStatus status) {
        List<Watch> concerned;
        synchronized (this) {
            if (status == null) {
                reported.remove(service);
            } else {
                reported.put(service, status);
            }
            concerned = List.copyOf(watches.getOrDefault(service, Set.of()));
            ServingStatus told = toldToWatchers(service);
            concerned.forEach(watch -> watch.set(told));
        }
        concerned.forEach(Watch::emit); // Outside the lock: it runs code of the connection.
    }

    private void setLeaving(boolean now, Set<String> exceptions) {
        List<Watch> concerned;
        synchronized (this) {
            leaving = now;
            unaffected = Set.copyOf(exceptions);
            concerned = watches.values().stream().flatMap(Set::stream).toList();
            concerned.forEach(watch -> watch.set(toldToWatchers(watch.service())));
        }
        concerned.forEach(Watch::emit);
    }

    private @Nullable ServingStatus told(String service, @Nullable ServingStatus status) {
        return status != null && leaving && !unaffected.contains(service) ? ServingStatus.NOT_SERVING : status;
    }

    private ServingStatus toldToWatchers(String service) {
        ServingStatus status = told(service, reported.get(service));
        return status == null ? ServingStatus.SERVICE_UNKNOWN : status;
    }
}
