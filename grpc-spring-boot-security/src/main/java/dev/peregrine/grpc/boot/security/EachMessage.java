// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.boot.ServiceMethods;
import dev.peregrine.grpc.boot.server.GrpcGlobalServerInterceptor;
import dev.peregrine.grpc.boot.server.GrpcServerInterceptorOrder;
import dev.peregrine.grpc.boot.server.PerServiceInterceptor;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.Ordered;
import org.springframework.expression.ParseException;

/** Puts {@link PreAuthorizeEach} and {@link PostAuthorizeEach} before the methods that have them, and nothing before others. */
@GrpcGlobalServerInterceptor
final class EachMessage implements PerServiceInterceptor, Ordered {

    private final BeanFactory beans;
    private final SecurityEvents events;

    EachMessage(BeanFactory beans, SecurityEvents events) {
        this.beans = beans;
        this.events = events;
    }

    /** Behind {@link SecurityInterceptor}: it asks for the caller. */
    @Override
    public int getOrder() {
        return GrpcServerInterceptorOrder.AUTHENTICATION + 1;
    }

    @Override
    public ServerInterceptor forService(String name, Object bean) {
        Map<Method, MessageExpression> requests = new HashMap<>();
        ServiceMethods.annotated(bean, PreAuthorizeEach.class)
                .forEach((method, rule) -> requests.put(method, parse(rule.value(), method)));
        Map<Method, MessageExpression> responses = new HashMap<>();
        ServiceMethods.annotated(bean, PostAuthorizeEach.class)
                .forEach((method, rule) -> responses.put(method, parse(rule.value(), method)));
        requireToMatter(bean, requests.keySet());
        requireToMatter(bean, responses.keySet());
        return new OfService(method -> find(requests, method), method -> find(responses, method), events);
    }

    /** An expression that nobody asks protects nothing, and looks as if it did. */
    private static void requireToMatter(Object bean, Set<Method> methods) {
        Set<String> names = new HashSet<>();
        for (Method method : methods) {
            if (!ServiceMethods.answersCalls(bean, method) || !names.add(method.getName())) {
                throw new FailureAnalyzedException(
                        "@PreAuthorizeEach or @PostAuthorizeEach of "
                                + method.getDeclaringClass().getSimpleName() + "." + method.getName()
                                + " would not hold: "
                                + (names.contains(method.getName())
                                        ? "another method of that name has one, too."
                                        : "the method answers no calls."),
                        "Move the annotation to the method that answers the calls, or remove it.");
            }
        }
    }

    private MessageExpression parse(String text, Method where) {
        try {
            return new MessageExpression(text, beans);
        } catch (ParseException broken) {
            throw new FailureAnalyzedException(
                    "'" + text + "' at " + where.getDeclaringClass().getSimpleName() + "." + where.getName()
                            + " is no expression: " + broken.getSimpleMessage() + ".",
                    "Correct the expression; it is written as in @PreAuthorize.",
                    broken);
        }
    }

    private static @Nullable MessageExpression find(
            Map<Method, MessageExpression> rules, MethodDescriptor<?, ?> method) {
        return rules.entrySet().stream()
                .filter(rule -> ServiceMethods.answers(rule.getKey(), method))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private record OfService(
            Function<MethodDescriptor<?, ?>, @Nullable MessageExpression> requests,
            Function<MethodDescriptor<?, ?>, @Nullable MessageExpression> responses,
            SecurityEvents events)
            implements ServerInterceptor {

        @Override
        public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
            MessageExpression ofRequests = requests.apply(method);
            MessageExpression ofResponses = responses.apply(method);
            if (ofRequests == null && ofResponses == null) {
                return next;
            }
            return call -> {
                CheckedCall<Q, R> checked = new CheckedCall<>(call, ofResponses, events);
                return new CheckedListener<>(checked, next.handle(checked), ofRequests);
            };
        }
    }
}
