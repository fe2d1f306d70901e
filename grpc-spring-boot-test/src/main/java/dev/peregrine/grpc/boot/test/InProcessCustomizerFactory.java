// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Looks for {@link AutoConfigureInProcessGrpc} on a test and the tests it is nested in. */
final class InProcessCustomizerFactory implements ContextCustomizerFactory {

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
        AutoConfigureInProcessGrpc annotation =
                TestContextAnnotationUtils.findMergedAnnotation(testClass, AutoConfigureInProcessGrpc.class);
        return annotation == null ? null : new InProcessCustomizer(Set.of(annotation.clients()), annotation.server());
    }
}
