// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.advice;

import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcServers;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;

/**
 * Lets {@link GrpcAdvice} beans and {@link GrpcExceptionHandler} methods say what exceptions become, unless
 * {@code grpc.server.advice.enabled} is false.
 */
@AutoConfiguration(after = GrpcServerAutoConfiguration.class)
@ConditionalOnBean(GrpcServers.class)
@ConditionalOnBooleanProperty(name = "grpc.server.advice.enabled", matchIfMissing = true)
public final class GrpcErrorsAutoConfiguration {

    @Bean
    static ErrorTranslation grpcErrorTranslation(
            ConfigurableListableBeanFactory beans,
            ObjectProvider<GrpcExceptionTranslator> translators,
            ObjectProvider<HandlerArgument<?>> arguments) {
        return new ErrorTranslation(beans, translators, arguments);
    }
}
