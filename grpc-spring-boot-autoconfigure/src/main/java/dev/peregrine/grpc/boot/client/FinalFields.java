// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.springframework.beans.factory.annotation.AutowiredAnnotationBeanPostProcessor;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Leaves {@link GrpcClient} fields that are final to their constructor: the container would inject them a second time
 * behind its back, and newer Java does not let it.
 */
final class FinalFields implements MergedBeanDefinitionPostProcessor, PriorityOrdered {

    @Override
    public void postProcessMergedBeanDefinition(RootBeanDefinition definition, Class<?> type, String beanName) {
        ReflectionUtils.doWithFields(type, definition::registerExternallyManagedConfigMember, FinalFields::isOurs);
    }

    private static boolean isOurs(Field field) {
        return Modifier.isFinal(field.getModifiers())
                && !Modifier.isStatic(field.getModifiers())
                && AnnotatedElementUtils.hasAnnotation(field, GrpcClient.class);
    }

    /** Before {@link AutowiredAnnotationBeanPostProcessor}, which asks what others look after. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE - 3;
    }
}
