// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.boot.policy.MethodPolicies;
import dev.peregrine.grpc.server.MethodOptions;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.util.StringUtils;

/**
 * What the beans and properties of one server say of the methods it serves: which interceptors stand before them, where
 * they run, and which policies hold. Asked when the server starts, and forgotten then.
 */
final class ServiceOptions {

    private final InterceptorChain interceptors;
    private final MethodPolicies policies;
    private final ExecutorBeans executors;
    private final String property;

    /**
     * @param property where the policies are, for messages
     */
    ServiceOptions(InterceptorChain interceptors, MethodPolicies policies, ExecutorBeans executors, String property) {
        this.interceptors = interceptors;
        this.policies = policies;
        this.executors = executors;
        this.property = property;
    }

    /**
     * The options of each method of a service.
     *
     * @throws FailureAnalyzedException if the service names beans that there are not
     */
    Function<MethodDescriptor<?, ?>, MethodOptions> of(ServedBean service) {
        MethodOptions ofService = ofService(service);
        Function<MethodDescriptor<?, ?>, List<ServerInterceptor>> chain = interceptors.of(service);
        return method -> ofMethod(method, ofService.withInterceptors(chain.apply(method)));
    }

    private MethodOptions ofService(ServedBean service) {
        String executor = service.annotation().executor();
        if (!StringUtils.hasText(executor)) {
            return MethodOptions.DEFAULT;
        }
        String where = "@GrpcService(executor) of the bean '" + service.name() + "'";
        return MethodOptions.DEFAULT.withExecutor(executors.named(executor, where));
    }

    /** Those of methods that no bean of the application answers. */
    Function<MethodDescriptor<?, ?>, MethodOptions> ofNoBean() {
        MethodOptions options = MethodOptions.DEFAULT.withInterceptors(chainOfNoBean());
        return method -> ofMethod(method, options);
    }

    /** The interceptors before methods that no bean of the application answers. */
    List<ServerInterceptor> chainOfNoBean() {
        return interceptors.ofNoBean();
    }

    /**
     * Looks for the executors that the properties name for methods of a service.
     *
     * @throws FailureAnalyzedException if there are not all
     */
    void requireExecutors(ServedBean service) {
        service.definition().descriptor().methods().forEach(this::executorOf);
    }

    /** What an operator says counts more than what is said in code. */
    private MethodOptions ofMethod(MethodDescriptor<?, ?> method, MethodOptions options) {
        Executor executor = executorOf(method);
        return policies.apply(method, executor == null ? options : options.withExecutor(executor));
    }

    private @Nullable Executor executorOf(MethodDescriptor<?, ?> method) {
        String name = policies.executor(method);
        return name == null ? null : executors.named(name, property + ", for " + method.fullName());
    }
}
