// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.server.MethodOptions;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.StringUtils;

/**
 * What the beans and properties of one server say of the methods it serves: which interceptors stand before them, in
 * which order, where they run, and which policies hold. Asked when the server starts, and forgotten then.
 */
final class ServiceOptions {

    private final ConfigurableListableBeanFactory beans;
    private final InterceptorBeans interceptors;
    private final List<InterceptorBeans.Global> globals;
    private final List<ServerInterceptor> ofServer;
    private final BiFunction<MethodDescriptor<?, ?>, MethodOptions, MethodOptions> policies;

    /**
     * @param ofServer those of {@code grpc.server.interceptors}
     * @param policies what properties and customizers make of a method's options
     */
    ServiceOptions(
            ConfigurableListableBeanFactory beans,
            InterceptorBeans interceptors,
            List<ServerInterceptor> ofServer,
            BiFunction<MethodDescriptor<?, ?>, MethodOptions, MethodOptions> policies) {
        this.beans = beans;
        this.interceptors = interceptors;
        this.globals = interceptors.globals();
        this.ofServer = ofServer;
        this.policies = policies;
    }

    /**
     * The options of each method of a service.
     *
     * @throws FailureAnalyzedException if the service names beans that there are not
     */
    Function<MethodDescriptor<?, ?>, MethodOptions> of(ServedBean service) {
        List<ServerInterceptor> chain = chainOf(service);
        MethodOptions options = MethodOptions.DEFAULT;
        if (StringUtils.hasText(service.annotation().executor())) {
            options = options.withExecutor(executorOf(service));
        }
        MethodOptions ofService = options;
        Map<Method, GrpcServerInterceptors> annotated = annotatedMethods(service);
        return method -> {
            List<ServerInterceptor> all = new ArrayList<>(chain);
            annotated.forEach((candidate, annotation) -> {
                if (answers(candidate, method)) {
                    addInterceptors(candidate, annotation, all);
                }
            });
            return policies.apply(method, ofService.withInterceptors(all));
        };
    }

    /** The options of methods that no bean of the application answers. */
    Function<MethodDescriptor<?, ?>, MethodOptions> ofEveryService() {
        List<ServerInterceptor> chain = new ArrayList<>();
        globals.forEach(global -> chain.add(global.interceptor()));
        chain.addAll(ofServer);
        return method -> policies.apply(method, MethodOptions.DEFAULT.withInterceptors(chain));
    }

    private List<ServerInterceptor> chainOf(ServedBean service) {
        List<ServerInterceptor> chain = new ArrayList<>();
        for (InterceptorBeans.Global global : globals) {
            if (global.order() < GrpcServerInterceptorOrder.APPLICATION
                    || service.annotation().globalInterceptors()) {
                chain.add(
                        global.interceptor() instanceof PerServiceInterceptor aware
                                ? aware.forService(service.name(), service.bean())
                                : global.interceptor());
            }
        }
        chain.addAll(ofServer);
        String where = "@GrpcService of the bean '" + service.name() + "'";
        for (Class<? extends ServerInterceptor> type : service.annotation().interceptors()) {
            chain.add(interceptors.ofType(type, where));
        }
        for (String bean : service.annotation().interceptorNames()) {
            chain.add(interceptors.named(bean, where));
        }
        return chain;
    }

    /** The methods of the class that have interceptors of their own. */
    private static Map<Method, GrpcServerInterceptors> annotatedMethods(ServedBean service) {
        Map<Method, GrpcServerInterceptors> annotated = MethodIntrospector.selectMethods(
                AopUtils.getTargetClass(service.bean()), (MethodIntrospector.MetadataLookup<GrpcServerInterceptors>)
                        method -> AnnotatedElementUtils.findMergedAnnotation(method, GrpcServerInterceptors.class));
        annotated.keySet().forEach(candidate -> requireAnswersSome(service, candidate));
        return annotated;
    }

    private static void requireAnswersSome(ServedBean service, Method candidate) {
        if (service.definition().descriptor().methods().stream().noneMatch(method -> answers(candidate, method))) {
            throw new FailureAnalyzedException(
                    where(candidate) + " does nothing: the method answers no calls of "
                            + service.definition().name() + ".",
                    "Move the annotation to the method that does, or remove it.");
        }
    }

    private void addInterceptors(Method candidate, GrpcServerInterceptors annotation, List<ServerInterceptor> chain) {
        for (Class<? extends ServerInterceptor> type : annotation.value()) {
            chain.add(interceptors.ofType(type, where(candidate)));
        }
        for (String bean : annotation.interceptorNames()) {
            chain.add(interceptors.named(bean, where(candidate)));
        }
    }

    private static String where(Method candidate) {
        return "@GrpcServerInterceptors of " + candidate.getDeclaringClass().getSimpleName() + "."
                + candidate.getName();
    }

    /** Generated Java names are those of the proto file, as Java spells them. */
    private static boolean answers(Method candidate, MethodDescriptor<?, ?> method) {
        return !candidate.isBridge()
                && candidate
                        .getName()
                        .replace("_", "")
                        .equalsIgnoreCase(method.name().replace("_", ""));
    }

    private Executor executorOf(ServedBean service) {
        String name = service.annotation().executor();
        try {
            return beans.getBean(name, Executor.class);
        } catch (NoSuchBeanDefinitionException missing) {
            throw new FailureAnalyzedException(
                    "There is no bean '" + name + "', on which the bean '" + service.name()
                            + "' is to run by its @GrpcService(executor = \"" + name + "\"). Executors there are: "
                            + String.join(", ", beans.getBeanNamesForType(Executor.class)) + ".",
                    "Correct the name, or declare the bean.",
                    missing);
        }
    }
}
