// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.stub.ClientStub;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.ReflectionUtils;

/** Where {@link GrpcClient} may stand, and how such a place is called. */
final class InjectionPoints {

    private InjectionPoints() {}

    /**
     * The annotation that counts for this dependency: on the field or the parameter, on the method, if that is a setter, or
     * on the field that a constructor's parameter is named after, as for constructors that Lombok writes. Null if there is
     * none.
     */
    static @Nullable MergedAnnotation<GrpcClient> annotationOn(DependencyDescriptor dependency) {
        MergedAnnotation<GrpcClient> own =
                MergedAnnotations.from(dependency.getAnnotations()).get(GrpcClient.class);
        if (own.isPresent()) {
            return own;
        }
        MethodParameter parameter = dependency.getMethodParameter();
        AnnotatedElement instead = parameter == null ? null : insteadOf(parameter, dependency);
        MergedAnnotation<GrpcClient> found = instead == null
                ? MergedAnnotation.missing()
                : MergedAnnotations.from(instead).get(GrpcClient.class);
        return found.isPresent() ? found : null;
    }

    private static @Nullable AnnotatedElement insteadOf(MethodParameter parameter, DependencyDescriptor dependency) {
        if (parameter.getExecutable() instanceof Method method) {
            return method.getReturnType() == void.class ? method : null;
        }
        String name = mayBeClient(dependency.getDependencyType()) ? dependency.getDependencyName() : null;
        return name == null ? null : ReflectionUtils.findField(parameter.getDeclaringClass(), name);
    }

    /** Spares the constructors of all other beans the search. */
    private static boolean mayBeClient(Class<?> type) {
        return ClientStub.class.isAssignableFrom(type) || Channel.class.isAssignableFrom(type);
    }

    /** For messages. */
    static String describe(DependencyDescriptor dependency) {
        MethodParameter parameter = dependency.getMethodParameter();
        if (parameter == null) {
            return "the field " + dependency.getMember().getDeclaringClass().getName() + "."
                    + dependency.getMember().getName();
        }
        Executable executable = parameter.getExecutable();
        return "parameter " + (parameter.getParameterIndex() + 1) + " of "
                + (executable instanceof Constructor<?>
                        ? "the constructor of " + executable.getDeclaringClass().getName()
                        : executable.getDeclaringClass().getName() + "." + executable.getName());
    }
}
