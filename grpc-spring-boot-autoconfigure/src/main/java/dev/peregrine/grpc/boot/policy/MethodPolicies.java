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
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** What the properties of one server say of its methods. */
public final class MethodPolicies {

    private static final Log log = LogFactory.getLog(MethodPolicies.class);

    /** What the names of gRPC's own services begin with: health, reflection, channelz. */
    private static final String OWN_SERVICES = "grpc.";

    private record Policy(
            MethodPattern pattern,
            MethodPolicyProperties properties,
            @Nullable ConcurrencyLimit limit) {}

    private final List<Policy> policies = new ArrayList<>();
    private final @Nullable ConcurrencyLimit ofServer;

    /**
     * The policies of one server.
     *
     * @param property where the entries are, for messages
     * @param services all services of the application, on whichever server
     * @param unmatched what becomes of entries that match none of their methods
     * @throws FailureAnalyzedException if an entry matches no method, or two are for the same methods
     */
    public MethodPolicies(
            String property,
            List<MethodPolicyProperties> entries,
            OverloadProperties overload,
            List<ServiceDefinition> services,
            UnmatchedPatterns unmatched) {
        ofServer = overload.limit();
        List<MethodDescriptor<?, ?>> methods = new ArrayList<>();
        services.forEach(service -> methods.addAll(service.descriptor().methods()));
        for (MethodPolicyProperties entry : entries) {
            MethodPattern pattern = MethodPattern.of(entry.match());
            if (methods.stream().noneMatch(pattern::matches)) {
                unmatched(property, pattern, methods, unmatched);
            }
            requireOnce(property, entry, pattern);
            policies.add(new Policy(pattern, entry, entry.limit()));
        }
        policies.sort(
                Comparator.comparingInt((Policy policy) -> policy.pattern().rank())
                        .reversed());
    }

    /** The name of the executor bean that this method runs on, if an entry says so. */
    public @Nullable String executor(MethodDescriptor<?, ?> method) {
        return first(method, policy -> policy.properties().executor());
    }

    /** The options with what holds for this method, but for its executor. */
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
        if (ofServer != null && !MethodPattern.isHealth(method)) {
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

    private static void unmatched(
            String property, MethodPattern pattern, List<MethodDescriptor<?, ?>> methods, UnmatchedPatterns unmatched) {
        String text = "'" + pattern + "' in " + property + " matches no method of this application";
        if (unmatched == UnmatchedPatterns.LOGGED) {
            log.info(text + ".");
        } else if (pattern.services().text().startsWith(OWN_SERVICES)) {
            // What describes a server comes last, and in some profiles only.
            log.info("'" + pattern + "' in " + property + " matches no method of a bean: it holds for what the starter"
                    + " adds by itself, such as reflection, while that is on.");
        } else if (!pattern.services().text().equals("*")) {
            throw new FailureAnalyzedException(
                    text + NearestName.to(pattern, methods) + ".",
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
