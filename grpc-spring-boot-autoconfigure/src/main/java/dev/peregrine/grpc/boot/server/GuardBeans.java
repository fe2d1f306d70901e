// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.server.CallGuard;
import dev.peregrine.grpc.server.MethodOptions;
import java.util.Collection;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Puts the guards of this context before its methods. Interceptors are those of this context, too: the two belong together. */
final class GuardBeans {

    private final ListableBeanFactory beans;

    GuardBeans(ListableBeanFactory beans) {
        this.beans = beans;
    }

    /**
     * The options with the guard of the method.
     *
     * @throws FailureAnalyzedException if only a context above this one has guards
     */
    MethodOptions before(MethodDescriptor<?, ?> method, MethodOptions options) {
        MethodOptions guarded = options;
        for (MethodGuards guards : all()) {
            CallGuard guard = guards.guardOf(method);
            if (guard != null) {
                guarded = guarded.withGuard(guard).withBlockingInterceptors();
            }
        }
        return guarded;
    }

    /**
     * Every method of every server has been asked about.
     *
     * @throws FailureAnalyzedException if the servers must not go on
     */
    void requireComplete() {
        all().forEach(MethodGuards::requireComplete);
    }

    private Collection<MethodGuards> all() {
        Collection<MethodGuards> here = beans.getBeansOfType(MethodGuards.class).values();
        if (here.isEmpty()
                && beans.getBeanProvider(MethodGuards.class).stream().findAny().isPresent()) {
            throw new FailureAnalyzedException(
                    "A context with a gRPC server has no security of its own, though the one above it has.",
                    "Give the context auto-configuration as the other has it, or set grpc.security.enabled to false in it if"
                            + " everybody may call it.");
        }
        return here;
    }
}
