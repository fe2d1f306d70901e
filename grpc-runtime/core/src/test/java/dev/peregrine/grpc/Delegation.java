// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Whether what stands before an object passes on everything that it is asked: a default method forgotten is lost without a word. */
public final class Delegation {

    private Delegation() {}

    /** Calls each method of the interface on what {@code around} makes, and expects that the wrapped one hears just that. */
    public static <T> void isComplete(Class<T> type, Function<T, ?> around) throws Exception {
        List<String> heard = new ArrayList<>();
        T wrapped = type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    heard.add(method.getName());
                    return nothing(method.getReturnType());
                }));
        Object wrapper = around.apply(wrapped);
        for (Method method : type.getMethods()) {
            if (Modifier.isStatic(method.getModifiers())) {
                continue;
            }
            heard.clear();
            Object[] arguments = new Object[method.getParameterCount()];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = nothing(method.getParameterTypes()[i]);
            }
            method.invoke(wrapper, arguments);
            assertThat(heard).as("what was heard of " + method).containsExactly(method.getName());
        }
    }

    private static @Nullable Object nothing(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        return type == int.class ? 0 : null;
    }
}
