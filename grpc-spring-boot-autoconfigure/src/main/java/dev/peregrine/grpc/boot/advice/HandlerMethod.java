// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.advice;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.protobuf.StatusDetails;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** A method that says what some exceptions become. */
final class HandlerMethod {

    private final Object bean;
    private final Method method;
    private final List<Class<? extends Throwable>> exceptions;
    private final Map<Class<?>, HandlerArgument<?>> others;

    /**
     * @param bean what the method is called on
     * @param exceptions what it handles
     * @param others what it may take beside the exception, the context and the descriptor
     */
    private HandlerMethod(
            Object bean,
            Method method,
            List<Class<? extends Throwable>> exceptions,
            Map<Class<?>, HandlerArgument<?>> others) {
        this.bean = bean;
        this.method = method;
        this.exceptions = exceptions;
        this.others = others;
    }

    /**
     * The handler that an annotated method is.
     *
     * @param beanName for messages
     * @throws FailureAnalyzedException if the method takes or returns what it cannot
     */
    static HandlerMethod of(
            String beanName,
            Object bean,
            Method method,
            GrpcExceptionHandler annotation,
            Map<Class<?>, HandlerArgument<?>> others) {
        String where = "@GrpcExceptionHandler " + method.getDeclaringClass().getSimpleName() + "." + method.getName()
                + " of the bean '" + beanName + "'";
        Class<?> result = method.getReturnType();
        if (result != Status.class
                && result != com.google.rpc.Status.class
                && !StatusException.class.isAssignableFrom(result)) {
            throw new FailureAnalyzedException(
                    where + " returns " + result.getName() + ".",
                    "Let it return " + Status.class.getName() + ", StatusException or com.google.rpc.Status.");
        }
        Class<? extends Throwable> parameter = null;
        for (Class<?> type : method.getParameterTypes()) {
            if (Throwable.class.isAssignableFrom(type) && parameter == null) {
                parameter = type.asSubclass(Throwable.class);
            } else if (type != CallContext.class && type != MethodDescriptor.class && !others.containsKey(type)) {
                throw new FailureAnalyzedException(
                        where + " has a parameter of type " + type.getName() + ".",
                        "Let it take one exception, the CallContext and the MethodDescriptor" + andOthers(others)
                                + ", or some of these.");
            }
        }
        List<Class<? extends Throwable>> exceptions = List.of(annotation.value());
        if (exceptions.isEmpty() && parameter == null) {
            throw new FailureAnalyzedException(
                    where + " does not say which exceptions it handles.",
                    "Give it a parameter of their type, or name them in the annotation.");
        }
        for (Class<? extends Throwable> exception : exceptions) {
            if (parameter != null && !parameter.isAssignableFrom(exception)) {
                throw new FailureAnalyzedException(
                        where + " handles " + exception.getName() + ", but takes " + parameter.getName() + ".",
                        "Let it take an exception that all those it handles are.");
            }
        }
        method.setAccessible(true);
        return new HandlerMethod(bean, method, exceptions.isEmpty() ? List.of(parameter) : exceptions, others);
    }

    private static String andOthers(Map<Class<?>, HandlerArgument<?>> others) {
        return others.keySet().stream()
                .map(Class::getSimpleName)
                .sorted()
                .map(name -> ", " + name)
                .collect(Collectors.joining());
    }

    /** How many steps up from the exception's type the nearest handled one is; -1 if there is none. */
    int distanceTo(Class<?> thrown) {
        int steps = 0;
        for (Class<?> type = thrown; type != null; type = type.getSuperclass()) {
            if (exceptions.contains(type)) {
                return steps;
            }
            steps++;
        }
        return -1;
    }

    List<Class<? extends Throwable>> exceptions() {
        return exceptions;
    }

    /**
     * What the exception becomes; null if the method does not know.
     *
     * @throws StatusException if the method throws it, and that is the answer
     * @throws IllegalStateException if the method throws anything else
     */
    @Nullable
    StatusException handle(Throwable thrown, CallContext call) {
        Object result;
        try {
            result = method.invoke(bean, arguments(thrown, call));
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof StatusException answer && !answer.isOfCall()) {
                return answer;
            }
            throw new IllegalStateException(this + " failed", failed.getCause());
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
        if (result instanceof Status status) {
            return status.isOk() ? null : status.withCause(thrown).asException();
        }
        if (result instanceof com.google.rpc.Status status) {
            return status.getCode() == 0 ? null : StatusDetails.exception(status);
        }
        return result == null ? null : ((StatusException) result).forward();
    }

    private @Nullable Object[] arguments(Throwable thrown, CallContext call) {
        Class<?>[] types = method.getParameterTypes();
        @Nullable Object[] arguments = new @Nullable Object[types.length];
        for (int i = 0; i < types.length; i++) {
            HandlerArgument<?> other = others.get(types[i]);
            if (types[i] == CallContext.class) {
                arguments[i] = call;
            } else if (types[i] == MethodDescriptor.class) {
                arguments[i] = call.method();
            } else {
                arguments[i] = other == null ? thrown : other.value().apply(call);
            }
        }
        return arguments;
    }

    @Override
    public String toString() {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }
}
