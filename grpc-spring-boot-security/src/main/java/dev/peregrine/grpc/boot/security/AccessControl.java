// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.boot.AccessRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which chain and which rule hold for each method: the first chain that matches it, and that chain's first rule that does. */
public final class AccessControl implements AccessRules {

    /** For methods that no chain matches: closed, and nobody can be anybody. */
    private static final GrpcSecurityChain CLOSED =
            new GrpcSecurityChain(List.of(), List.of(), null, List.of(), List.of());

    private final List<GrpcSecurityChain> chains;
    private final SecurityEvents events;
    private final Map<String, MethodAccess> known = new ConcurrentHashMap<>();

    /**
     * @param first asked about every call, before those of its chain
     */
    AccessControl(List<GrpcSecurityChain> chains, List<GrpcAuthenticationExtractor> first, SecurityEvents events) {
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

    /** Rules that hold for no method which is served, as a misspelled one does; those for gRPC's own services apart. */
    List<String> rulesForNothing() {
        Set<AccessRule> used = new HashSet<>();
        known.values().forEach(access -> used.add(access.rule()));
        return chains.stream()
                .flatMap(chain -> chain.rules().stream())
                .filter(rule -> !used.contains(rule) && !rule.isForMoreThanNames() && !rule.isForOwnServices())
                .map(rule -> "'" + rule.methods() + "' " + rule.text())
                .toList();
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
