// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.validation;

import build.buf.protovalidate.ValidatorFactory;
import dev.peregrine.grpc.boot.advice.GrpcExceptionTranslator;
import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.server.BindableService;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.validation.autoconfigure.ValidationConfigurationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Checks requests by the rules of protovalidate and Jakarta Validation, whichever is on the class path, unless
 * {@code grpc.server.validation.enabled} is false.
 */
@AutoConfiguration(
        after = GrpcServerAutoConfiguration.class,
        afterName = "org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration")
@ConditionalOnBooleanProperty(
        name = {"grpc.server.enabled", "grpc.server.validation.enabled"},
        matchIfMissing = true)
public final class GrpcValidationAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(build.buf.protovalidate.Validator.class)
    static final class Protovalidate {

        @Bean
        ValidatingInterceptor grpcProtovalidateInterceptor(
                ObjectProvider<build.buf.protovalidate.Validator> validators) {
            return new ValidatingInterceptor(new ProtoRules(validators.getIfAvailable(
                    () -> ValidatorFactory.newBuilder().build())));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConstraintViolationException.class)
    static final class Jakarta {

        @Bean
        @ConditionalOnSingleCandidate(Validator.class)
        ValidatingInterceptor grpcJakartaValidationInterceptor(Validator validator) {
            return new ValidatingInterceptor(new JakartaRules(validator));
        }

        @Bean
        GrpcExceptionTranslator grpcConstraintViolationTranslator() {
            return new ConstraintViolationTranslator();
        }
    }

    /**
     * Parameters of services have the constraints that their methods state, though generated interfaces declare them. An
     * application that serves nothing keeps what Jakarta Validation says of overridden methods.
     */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            value = ValidationConfigurationCustomizer.class,
            name = "org.hibernate.validator.HibernateValidator")
    static final class HibernateValidator {

        @Bean
        @ConditionalOnMissingBean(name = "grpcParameterConstraints")
        static ValidationConfigurationCustomizer grpcParameterConstraints(ConfigurableListableBeanFactory beans) {
            return configuration -> {
                if (hasServices(beans)) {
                    configuration.addProperty("hibernate.validator.allow_parameter_constraint_override", "true");
                }
            };
        }

        /** Of its own: health, which is infrastructure, is there for other reasons. */
        private static boolean hasServices(ConfigurableListableBeanFactory beans) {
            for (String name : beans.getBeanNamesForType(BindableService.class, true, false)) {
                if (!beans.containsBeanDefinition(name)
                        || beans.getMergedBeanDefinition(name).getRole() != BeanDefinition.ROLE_INFRASTRUCTURE) {
                    return true;
                }
            }
            return false;
        }
    }
}
