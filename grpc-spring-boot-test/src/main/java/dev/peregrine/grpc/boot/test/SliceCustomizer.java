// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import dev.peregrine.grpc.boot.policy.UnmatchedPatterns;
import dev.peregrine.grpc.boot.tokens.AbsentRegistrations;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Lets the application's properties name what a {@link GrpcTest} leaves out. All of these are equal. */
record SliceCustomizer() implements ContextCustomizer {

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
        context.getBeanFactory().registerSingleton("grpcUnmatchedPatternsOfSlice", UnmatchedPatterns.LOGGED);
        context.getBeanFactory().registerSingleton("grpcAbsentRegistrationsOfSlice", AbsentRegistrations.LOGGED);
    }

    /** Looks for {@link GrpcTest} on a test and the tests it is nested in. */
    static final class Factory implements ContextCustomizerFactory {

        @Override
        public @Nullable ContextCustomizer createContextCustomizer(
                Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
            return TestContextAnnotationUtils.hasAnnotation(testClass, GrpcTest.class) ? new SliceCustomizer() : null;
        }
    }
}
