// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.boot.MessageHints;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.ReflectionUtils;

/**
 * Keeps what makes generated clients in a native image: those that are beans, and those that stand at an injection point
 * with {@link GrpcClient}, and the interceptors that it names by their types. The methods of {@code @Configuration} classes are looked at like all others, so {@code @Bean}
 * methods are among them.
 */
final class ClientHints implements BeanRegistrationAotProcessor {

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Set<Class<?>> clients = new LinkedHashSet<>();
        Set<Class<?>> interceptors = new LinkedHashSet<>();
        Class<?> type = bean.getBeanClass();
        addClients(ResolvableType.forClass(type), clients);
        ReflectionUtils.doWithFields(type, field -> {
            if (addInterceptors(field, interceptors)) {
                addClients(ResolvableType.forField(field), clients);
            }
        });
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            addParameters(constructor, clients, interceptors);
        }
        ReflectionUtils.doWithMethods(type, method -> addParameters(method, clients, interceptors));
        return clients.isEmpty()
                ? null
                : (generation, code) ->
                        keep(clients, interceptors, generation.getRuntimeHints().reflection());
    }

    private static void addParameters(Executable executable, Set<Class<?>> clients, Set<Class<?>> interceptors) {
        boolean all = addInterceptors(executable, interceptors);
        for (int i = 0; i < executable.getParameterCount(); i++) {
            MethodParameter parameter = MethodParameter.forExecutable(executable, i);
            AnnotatedElement annotated = AnnotatedElementUtils.forAnnotations(parameter.getParameterAnnotations());
            if (addInterceptors(annotated, interceptors) || all) {
                addClients(ResolvableType.forMethodParameter(parameter), clients);
            }
        }
    }

    /** Whether there is a {@link GrpcClient} at this place, whose interceptors are added. */
    private static boolean addInterceptors(AnnotatedElement place, Set<Class<?>> interceptors) {
        MergedAnnotation<GrpcClient> annotation = MergedAnnotations.from(place).get(GrpcClient.class);
        if (annotation.isPresent()) {
            interceptors.addAll(Arrays.asList(annotation.getClassArray("interceptors")));
        }
        return annotation.isPresent();
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

    private static void keep(Set<Class<?>> clients, Set<Class<?>> interceptors, ReflectionHints hints) {
        MessageHints messages = new MessageHints(hints);
        for (Class<?> client : clients) {
            Method create = GeneratedClients.createMethodOf(client);
            if (create != null) {
                hints.registerMethod(create, ExecutableMode.INVOKE);
            }
            messages.ofInterface(client);
        }
        for (Class<?> interceptor : interceptors) {
            // Where there is no bean of this type, the container makes one without generated code to help it.
            hints.registerType(
                    interceptor,
                    MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
                    MemberCategory.INVOKE_DECLARED_METHODS,
                    MemberCategory.ACCESS_DECLARED_FIELDS);
        }
    }
}
