// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.policy;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.boot.Bytes;
import dev.peregrine.grpc.server.ConcurrencyLimit;
import dev.peregrine.grpc.server.MethodOptions;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** What the properties of one server say of its methods. */
public final class MethodPolicies {

    /** Orchestrators ask for health when there is much to do, too, and draw conclusions from being refused. */
    private static final String HEALTH = "grpc.health.v1.Health";

    private record Policy(
            MethodPattern pattern,
            MethodPolicyProperties properties,
            @Nullable ConcurrencyLimit limit) {}

    private final List<Policy> policies = new ArrayList<>();
    private final @Nullable ConcurrencyLimit ofServer;

    /**
     * @param property where the entries are, for messages
     * @param services all services of the application, on whichever server
     * @throws FailureAnalyzedException if an entry matches no method, or two are for the same methods
     */
    public MethodPolicies(
            String property,
            List<MethodPolicyProperties> entries,
            OverloadProperties overload,
            List<ServiceDefinition> services) {
        ofServer = overload.limit();
        List<MethodDescriptor<?, ?>> methods = new ArrayList<>();
        services.forEach(service -> methods.addAll(service.descriptor().methods()));
        for (MethodPolicyProperties entry : entries) {
            MethodPattern pattern = MethodPattern.of(entry.match());
            requireMatch(property, entry, pattern, methods);
            requireOnce(property, entry, pattern);
            Integer calls = entry.maxConcurrentCalls();
            ConcurrencyLimit limit =
                    calls == null ? null : OverloadProperties.limit(calls, entry.maxWaitingCalls(), entry.retryAfter());
            policies.add(new Policy(pattern, entry, limit));
        }
        policies.sort(
                Comparator.comparingInt((Policy policy) -> policy.pattern().rank())
                        .reversed());
    }

    /** The options with what holds for this method. */
    public MethodOptions apply(MethodDescriptor<?, ?> method, MethodOptions options) {
        MethodOptions with = options;
        var defaultDeadline = first(method, policy -> policy.properties().defaultDeadline());
        if (defaultDeadline != null) {
            with = with.withDefaultDeadline(defaultDeadline);
        }
        var maxDeadline = first(method, policy -> policy.properties().maxDeadline());
        if (maxDeadline != null) {
            with = with.withMaxDeadline(maxDeadline);
        }
        var size = first(method, policy -> policy.properties().maxMessageSize());
        if (size != null) {
            with = with.withMaxMessageSize(Bytes.of("max-message-size", size));
        }
        var compression = first(method, policy -> policy.properties().compression());
        if (compression != null) {
            with = with.withCompression(compression);
        }
        return with.withConcurrencyLimits(limitsOf(method));
    }

    /** The method's first: what waits for its turn there does not stand in the way of other methods. */
    private List<ConcurrencyLimit> limitsOf(MethodDescriptor<?, ?> method) {
        List<ConcurrencyLimit> limits = new ArrayList<>();
        ConcurrencyLimit ofMethod = first(method, Policy::limit);
        if (ofMethod != null) {
            limits.add(ofMethod);
        }
        if (ofServer != null && !method.service().equals(HEALTH)) {
            limits.add(ofServer);
        }
        return limits;
    }

    private <T> @Nullable T first(MethodDescriptor<?, ?> method, Function<Policy, @Nullable T> setting) {
        for (Policy policy : policies) {
            T value = policy.pattern().matches(method) ? setting.apply(policy) : null;
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static void requireMatch(
            String property,
            MethodPolicyProperties entry,
            MethodPattern pattern,
            List<MethodDescriptor<?, ?>> methods) {
        if (methods.stream().noneMatch(pattern::matches)) {
            throw new FailureAnalyzedException(
                    "'" + entry.match() + "' in " + property + " matches no method of this application"
                            + NearestName.to(entry.match(), methods) + ".",
                    "Correct the pattern, or remove the entry: what it is to protect is not protected.");
        }
    }

    private void requireOnce(String property, MethodPolicyProperties entry, MethodPattern pattern) {
        for (Policy other : policies) {
            if (other.pattern().equals(pattern)) {
                throw new FailureAnalyzedException(
                        "'" + entry.match() + "' and '" + other.properties().match() + "' in " + property
                                + " are for the same methods.",
                        "Make one entry of the two.");
            }
        }
    }
}
