// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.validation;

import build.buf.protovalidate.ValidatorFactory;
import dev.peregrine.grpc.boot.advice.GrpcErrorTranslator;
import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validator;
import org.springframework.beans.factory.ObjectProvider;
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
        GrpcErrorTranslator grpcConstraintViolationTranslator() {
            return new ConstraintViolationTranslator();
        }
    }

    /** Parameters of services have the constraints that their methods state, though generated interfaces declare them. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            value = ValidationConfigurationCustomizer.class,
            name = "org.hibernate.validator.HibernateValidator")
    static final class HibernateValidator {

        @Bean
        @ConditionalOnMissingBean(name = "grpcParameterConstraints")
        ValidationConfigurationCustomizer grpcParameterConstraints() {
            return configuration ->
                    configuration.addProperty("hibernate.validator.allow_parameter_constraint_override", "true");
        }
    }
}
