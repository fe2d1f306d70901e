// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.advice;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/** The {@link GrpcExceptionHandler} methods of one bean. */
final class ExceptionHandlers {

    private final List<HandlerMethod> methods;

    private ExceptionHandlers(List<HandlerMethod> methods) {
        this.methods = methods;
    }

    /**
     * Those of a bean, behind whatever proxies.
     *
     * @param others what they may take beside an exception and what the call is, by type
     * @throws FailureAnalyzedException if a method cannot be one, or two are for the same exception
     */
    static ExceptionHandlers of(String name, Object bean, Map<Class<?>, HandlerArgument<?>> others) {
        Class<?> type = AopUtils.getTargetClass(bean);
        Map<Method, GrpcExceptionHandler> annotated =
                MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<GrpcExceptionHandler>)
                        method -> AnnotatedElementUtils.findMergedAnnotation(method, GrpcExceptionHandler.class));
        List<HandlerMethod> methods = annotated.entrySet().stream()
                .map(entry -> HandlerMethod.of(
                        name,
                        receiver(bean, entry.getKey()),
                        invocable(bean, entry.getKey()),
                        entry.getValue(),
                        others))
                .toList();
        requireOnePerException(name, methods);
        return new ExceptionHandlers(methods);
    }

    private static void requireOnePerException(String name, List<HandlerMethod> methods) {
        Map<Class<?>, HandlerMethod> handled = new HashMap<>();
        for (HandlerMethod method : methods) {
            for (Class<?> exception : method.exceptions()) {
                HandlerMethod other = handled.putIfAbsent(exception, method);
                if (other != null) {
                    throw new FailureAnalyzedException(
                            "The bean '" + name + "' has two @GrpcExceptionHandler methods for " + exception.getName()
                                    + ", " + other + " and " + method + ".",
                            "Leave one of them, or let the other handle another exception.");
                }
            }
        }
    }

    boolean isEmpty() {
        return methods.isEmpty();
    }

    /**
     * The handler for the nearest type of the exception; null if none handles it.
     *
     * @param exactly whether only one for this very type counts
     */
    @Nullable
    HandlerMethod find(Throwable thrown, boolean exactly) {
        HandlerMethod nearest = null;
        int least = Integer.MAX_VALUE;
        for (HandlerMethod method : methods) {
            int distance = method.distanceTo(thrown.getClass());
            if (distance >= 0 && distance < least && (distance == 0 || !exactly)) {
                nearest = method;
                least = distance;
            }
        }
        return nearest;
    }

    /** Through the bean's proxy where that has the method; else past it, to the object itself. */
    private static Object receiver(Object bean, Method method) {
        return isOnProxy(bean, method) ? bean : target(bean);
    }

    private static Method invocable(Object bean, Method method) {
        return isOnProxy(bean, method) ? AopUtils.selectInvocableMethod(method, bean.getClass()) : method;
    }

    private static boolean isOnProxy(Object bean, Method method) {
        if (!AopUtils.isAopProxy(bean)) {
            return true;
        }
        // A subclass sees no private methods, and not those of its package if it has another class loader.
        return AopUtils.isCglibProxy(bean)
                ? Modifier.isPublic(method.getModifiers()) || Modifier.isProtected(method.getModifiers())
                : ClassUtils.hasMethod(bean.getClass(), method);
    }

    private static Object target(Object bean) {
        Object target = AopProxyUtils.getSingletonTarget(bean);
        return target == null ? bean : target;
    }
}
