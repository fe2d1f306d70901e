// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.boot.MessageHints;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Keeps what makes generated clients in a native image: those that are beans, and those that stand at an injection point
 * with {@link GrpcClient}. The methods of {@code @Configuration} classes are looked at like all others, so {@code @Bean}
 * methods are among them.
 */
final class ClientHints implements BeanRegistrationAotProcessor {

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Set<Class<?>> clients = new LinkedHashSet<>();
        Class<?> type = bean.getBeanClass();
        addClients(ResolvableType.forClass(type), clients);
        ReflectionUtils.doWithFields(
                type,
                field -> addClients(ResolvableType.forField(field), clients),
                field -> AnnotatedElementUtils.hasAnnotation(field, GrpcClient.class));
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            addParameters(constructor, clients);
        }
        ReflectionUtils.doWithMethods(type, method -> addParameters(method, clients));
        return clients.isEmpty()
                ? null
                : (generation, code) ->
                        keep(clients, generation.getRuntimeHints().reflection());
    }

    private static void addParameters(Executable executable, Set<Class<?>> clients) {
        boolean all = AnnotatedElementUtils.hasAnnotation(executable, GrpcClient.class);
        for (int i = 0; i < executable.getParameterCount(); i++) {
            MethodParameter parameter = MethodParameter.forExecutable(executable, i);
            if (all
                    || AnnotatedElementUtils.hasAnnotation(
                            AnnotatedElementUtils.forAnnotations(parameter.getParameterAnnotations()),
                            GrpcClient.class)) {
                addClients(ResolvableType.forMethodParameter(parameter), clients);
            }
        }
    }

    /** Also those in an {@code Optional} or an {@code ObjectProvider}. */
    private static void addClients(ResolvableType type, Set<Class<?>> clients) {
        if (GeneratedClients.createMethodOf(type.toClass()) != null) {
            clients.add(type.toClass());
        }
        for (ResolvableType argument : type.getGenerics()) {
            addClients(argument, clients);
        }
    }

    private static void keep(Set<Class<?>> clients, ReflectionHints hints) {
        MessageHints messages = new MessageHints(hints);
        for (Class<?> client : clients) {
            Method create = GeneratedClients.createMethodOf(client);
            if (create != null) {
                hints.registerMethod(create, ExecutableMode.INVOKE);
            }
            messages.ofInterface(client);
        }
    }
}
