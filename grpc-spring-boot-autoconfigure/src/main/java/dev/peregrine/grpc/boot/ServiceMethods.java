// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.server.BindableService;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Map;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/** Which Java methods of a service answer which of its calls. */
public final class ServiceMethods {

    private ServiceMethods() {}

    /** The methods with this annotation in the class of a service, behind whichever proxies. */
    public static <A extends Annotation> Map<Method, A> annotated(Object bean, Class<A> type) {
        return MethodIntrospector.selectMethods(
                AopProxyUtils.ultimateTargetClass(bean), (MethodIntrospector.MetadataLookup<A>)
                        method -> AnnotatedElementUtils.findMergedAnnotation(method, type));
    }

    /** Whether this Java method answers these calls: generated names are those of the proto file, as Java spells them. */
    public static boolean answers(Method candidate, MethodDescriptor<?, ?> method) {
        return !candidate.isBridge()
                && candidate
                        .getName()
                        .replace("_", "")
                        .equalsIgnoreCase(method.name().replace("_", ""));
    }

    /** Whether this Java method of a service answers any: an interface that says so declares it. */
    public static boolean answersCalls(Object bean, Method candidate) {
        return ClassUtils.getAllInterfacesForClassAsSet(AopProxyUtils.ultimateTargetClass(bean)).stream()
                .filter(type -> BindableService.class.isAssignableFrom(type) && type != BindableService.class)
                .anyMatch(type -> ClassUtils.hasMethod(type, candidate));
    }
}
