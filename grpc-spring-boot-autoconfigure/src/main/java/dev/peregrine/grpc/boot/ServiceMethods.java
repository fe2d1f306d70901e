// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import dev.peregrine.grpc.MethodDescriptor;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Map;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** Which Java methods of a service answer which of its calls. */
public final class ServiceMethods {

    private ServiceMethods() {}

    /** The methods with this annotation in the class of a service, behind whichever proxies. */
    public static <A extends Annotation> Map<Method, A> annotated(Object bean, Class<A> type) {
        return MethodIntrospector.selectMethods(AopUtils.getTargetClass(bean), (MethodIntrospector.MetadataLookup<A>)
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
}
