// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.MessageHints;
import dev.peregrine.grpc.server.BindableService;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Keeps what a native image needs of services: the annotations of their methods, such as {@code @NonBlocking}, which are
 * read when they are bound; {@code bind()} of their interfaces, which {@link ServiceBinder} calls on proxies; and the
 * constructors of interceptors that they name by type, which {@link InterceptorBeans} makes if they are no beans.
 */
final class ServiceHints implements BeanRegistrationAotProcessor {

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Class<?> service = ClassUtils.getUserClass(bean.getBeanClass());
        if (!BindableService.class.isAssignableFrom(service)) {
            return null;
        }
        GrpcService annotation = bean.getBeanFactory().findAnnotationOnBean(bean.getBeanName(), GrpcService.class);
        return (generation, code) -> {
            ReflectionHints hints = generation.getRuntimeHints().reflection();
            keep(service, hints);
            if (annotation != null) {
                keepInterceptors(annotation.interceptors(), hints);
            }
            ReflectionUtils.doWithMethods(service, method -> {
                GrpcServerInterceptors ofMethod =
                        AnnotatedElementUtils.findMergedAnnotation(method, GrpcServerInterceptors.class);
                if (ofMethod != null) {
                    keepInterceptors(ofMethod.value(), hints);
                }
            });
        };
    }

    private static void keepInterceptors(Class<? extends ServerInterceptor>[] types, ReflectionHints hints) {
        for (Class<? extends ServerInterceptor> type : types) {
            hints.registerType(type, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
        }
    }

    private static void keep(Class<?> service, ReflectionHints hints) {
        for (Class<?> type = service; type != null && type != Object.class; type = type.getSuperclass()) {
            hints.registerType(type);
        }
        MessageHints messages = new MessageHints(hints);
        for (Class<?> face : ClassUtils.getAllInterfacesForClass(service)) {
            if (BindableService.class.isAssignableFrom(face)) {
                Method bind = ReflectionUtils.findMethod(face, "bind");
                if (bind != null) {
                    hints.registerMethod(bind, ExecutableMode.INVOKE);
                }
                messages.ofInterface(face);
            }
        }
    }
}
