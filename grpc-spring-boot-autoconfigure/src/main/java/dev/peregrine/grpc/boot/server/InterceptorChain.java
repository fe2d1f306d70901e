// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.boot.AnnotatedBeans.Placed;
import dev.peregrine.grpc.boot.ServiceMethods;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Which interceptors stand before the methods of one server: the global ones and those of the server, in one order; then
 * those of the service, then those of the method.
 */
final class InterceptorChain {

    private final InterceptorBeans beans;
    private final Set<String> ofServer;

    /** Of the server and global ones, outermost first. */
    private final List<Placed<ServerInterceptor>> first;

    /**
     * @param ofServer the beans that the server's property names
     * @param property the full name of that property
     * @throws FailureAnalyzedException if one of them is no interceptor
     */
    InterceptorChain(InterceptorBeans beans, List<String> ofServer, String property) {
        ofServer.forEach(name -> beans.named(name, property));
        this.beans = beans;
        this.ofServer = new HashSet<>(ofServer);
        Set<String> names = new LinkedHashSet<>(beans.globals());
        names.addAll(ofServer);
        this.first = beans.ordered(names);
    }

    /** Those before methods that no bean of the application answers. */
    List<ServerInterceptor> ofNoBean() {
        return first.stream().map(Placed::bean).toList();
    }

    /**
     * Those before each method of a service, outermost first.
     *
     * @throws FailureAnalyzedException if the service names interceptors that there are not
     */
    Function<MethodDescriptor<?, ?>, List<ServerInterceptor>> of(ServedBean service) {
        List<ServerInterceptor> ofAllMethods = ofService(service);
        Map<Method, GrpcServerInterceptors> annotated = annotatedMethods(service);
        return method -> {
            List<ServerInterceptor> chain = new ArrayList<>(ofAllMethods);
            annotated.forEach((candidate, annotation) -> {
                if (ServiceMethods.answers(candidate, method)) {
                    add(annotation.value(), annotation.interceptorNames(), where(candidate), chain);
                }
            });
            return chain;
        };
    }

    private List<ServerInterceptor> ofService(ServedBean service) {
        List<ServerInterceptor> chain = new ArrayList<>();
        for (Placed<ServerInterceptor> each : first) {
            if (standsBefore(each, service)) {
                chain.add(
                        each.bean() instanceof PerServiceInterceptor perService
                                ? perService.forService(service.name(), service.bean())
                                : each.bean());
            }
        }
        GrpcService annotation = service.annotation();
        String where = "@GrpcService of the bean '" + service.name() + "'";
        add(annotation.interceptors(), annotation.interceptorNames(), where, chain);
        return chain;
    }

    private boolean standsBefore(Placed<ServerInterceptor> interceptor, ServedBean service) {
        return service.annotation().globalInterceptors()
                || interceptor.order() < GrpcServerInterceptorOrder.APPLICATION
                || ofServer.contains(interceptor.name());
    }

    private void add(
            Class<? extends ServerInterceptor>[] types, String[] names, String where, List<ServerInterceptor> chain) {
        for (Class<? extends ServerInterceptor> type : types) {
            chain.add(beans.ofType(type, where));
        }
        for (String name : names) {
            chain.add(beans.named(name, where));
        }
    }

    /** The methods of the class that have interceptors of their own. */
    private static Map<Method, GrpcServerInterceptors> annotatedMethods(ServedBean service) {
        Map<Method, GrpcServerInterceptors> annotated =
                ServiceMethods.annotated(service.bean(), GrpcServerInterceptors.class);
        annotated.keySet().forEach(candidate -> requireAnswersSome(service, candidate));
        return annotated;
    }

    private static void requireAnswersSome(ServedBean service, Method candidate) {
        if (service.definition().descriptor().methods().stream()
                .noneMatch(method -> ServiceMethods.answers(candidate, method))) {
            throw new FailureAnalyzedException(
                    where(candidate) + " does nothing: the method answers no calls of "
                            + service.definition().name() + ".",
                    "Move the annotation to the method that does, or remove it.");
        }
    }

    private static String where(Method candidate) {
        return "@GrpcServerInterceptors of " + candidate.getDeclaringClass().getSimpleName() + "."
                + candidate.getName();
    }
}
