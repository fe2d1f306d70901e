// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.boot.AccessRules;
import dev.peregrine.grpc.boot.policy.MethodPattern;
import dev.peregrine.grpc.boot.policy.UnmatchedPatterns;
import dev.peregrine.grpc.boot.server.MethodGuards;
import dev.peregrine.grpc.server.CallGuard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Which chain and which rule hold for each method: the first chain that matches it, and that chain's first rule that does. */
public final class AccessControl implements AccessRules, MethodGuards {

    private static final Log log = LogFactory.getLog(AccessControl.class);

    /** For methods that no chain matches: closed, and nobody can be anybody. */
    private static final GrpcSecurityChain CLOSED =
            new GrpcSecurityChain(List.of(), List.of(), null, List.of(), List.of());

    private final List<GrpcSecurityChain> chains;
    private final SecurityEvents events;
    private final UnmatchedPatterns unmatched;
    private final Map<String, MethodAccess> known = new ConcurrentHashMap<>();

    /**
     * @param first asked about every call, before those of its chain
     * @param unmatched what becomes of rules for methods that there are not
     */
    AccessControl(
            List<GrpcSecurityChain> chains,
            List<GrpcAuthenticationExtractor> first,
            SecurityEvents events,
            UnmatchedPatterns unmatched) {
        this.unmatched = unmatched;
        this.chains = chains.stream().map(chain -> chain.behind(first)).toList();
        this.events = events;
    }

    MethodAccess of(MethodDescriptor<?, ?> method) {
        return known.computeIfAbsent(method.fullName(), name -> choose(method));
    }

    private MethodAccess choose(MethodDescriptor<?, ?> method) {
        for (GrpcSecurityChain chain : chains) {
            if (chain.matches(method)) {
                return new MethodAccess(chain, chain.ruleFor(method), events);
            }
        }
        return new MethodAccess(CLOSED, AccessRule.NONE, events);
    }

    @Override
    public @Nullable CallGuard guardOf(MethodDescriptor<?, ?> method) {
        MethodAccess access = of(method);
        return access.isOfNoInterest() ? null : access;
    }

    /** A misspelled rule, or one that an earlier one leaves nothing to, protects nothing; what it was written for is open to others. */
    @Override
    public void requireComplete() {
        List<String> idle = new ArrayList<>();
        for (GrpcSecurityChain chain : chains) {
            if (known.values().stream().noneMatch(access -> access.isOf(chain))) {
                chain.methods().stream()
                        .filter(AccessControl::isForNames)
                        .forEach(pattern -> idle.add("the chain for '" + pattern + "'"));
            }
            chain.rules().stream()
                    .filter(rule -> isForNames(rule.methods()))
                    .filter(rule -> known.values().stream().noneMatch(access -> access.rule() == rule))
                    .forEach(rule -> idle.add("'" + rule.methods() + "' " + rule.text()));
        }
        if (idle.isEmpty()) {
            return;
        }
        String text = "Rules of security hold for no method: " + String.join(", ", idle)
                + ". Either nothing of that name is served, or an earlier rule or chain is for it.";
        if (unmatched == UnmatchedPatterns.LOGGED) {
            log.info(text);
            return;
        }
        throw new FailureAnalyzedException(
                text,
                "Correct or remove them: what they are to protect has another rule. The methods there are: "
                        + String.join(", ", rules().keySet()) + ".");
    }

    /** Not for all there is; nor for health, reflection and the like, which come and go with properties. */
    private static boolean isForNames(MethodPattern pattern) {
        String text = pattern.toString();
        return !text.equals("*") && !text.startsWith("grpc.");
    }

    @Override
    public @Nullable String of(String fullMethodName) {
        MethodAccess access = known.get(fullMethodName);
        return access == null ? null : access.rule().text();
    }

    /** The rule of each method that is served, by its full name. */
    public Map<String, String> rules() {
        Map<String, String> rules = new TreeMap<>();
        known.forEach((method, access) -> rules.put(method, access.rule().text()));
        return rules;
    }

    /** The full names of the methods that anybody may call. */
    public List<String> openMethods() {
        List<String> open = new ArrayList<>();
        known.forEach((method, access) -> {
            if (access.rule().open()) {
                open.add(method);
            }
        });
        open.sort(null);
        return open;
    }
}
