// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.stub.ClientStub;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** What is said where a generated client is injected like a bean, and is none. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MissingClientAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

    private final Environment environment;

    MissingClientAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(
            Throwable rootFailure, NoSuchBeanDefinitionException cause, @Nullable String description) {
        Class<?> type = cause.getResolvableType() == null
                ? null
                : cause.getResolvableType().resolve();
        if (type == null
                || !ClientStub.class.isAssignableFrom(type)
                || cause instanceof NoUniqueBeanDefinitionException) {
            return null;
        }
        Class<?> service = type.getEnclosingClass() == null ? type : type.getEnclosingClass();
        String written = service == type ? type.getSimpleName() : service.getSimpleName() + "." + type.getSimpleName();
        String name = StringUtils.uncapitalize(service.getSimpleName());
        String missing = (description == null ? "Somebody" : StringUtils.capitalize(description))
                + " needs the gRPC client " + type.getName() + ", and there is no bean of that type";
        if (!ClientSettings.isOn(environment)) {
            return new FailureAnalysis(
                    missing + ": clients are switched off by grpc.client.enabled=false.",
                    "Remove that property, or declare a bean of type " + written + ".",
                    cause);
        }
        return new FailureAnalysis(
                missing + ".",
                "Write @GrpcClient(\"" + name + "\") there, or make it a bean with @ImportGrpcClients(types = "
                        + written
                        + ".class) on a @Configuration class. Either way set " + ClientSettings.property(name, "target")
                        + ".",
                cause);
    }
}
