// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.annotation.ImportAware;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.StringUtils;

/**
 * Registers the beans of {@link ImportGrpcClients}. It is public for the code that is generated ahead of time, in the package
 * of the configuration that imports it, and runs there again when the application starts; for nobody else.
 */
public final class ClientRegistrar implements BeanRegistrar, ImportAware {

    private @Nullable AnnotationMetadata configuration;

    @Override
    public void setImportMetadata(AnnotationMetadata importMetadata) {
        this.configuration = importMetadata;
    }

    @Override
    public void register(BeanRegistry registry, Environment environment) {
        AnnotationMetadata annotated = configuration;
        if (annotated != null && ClientSettings.isOn(environment)) {
            annotated
                    .getMergedRepeatableAnnotationAttributes(
                            ImportGrpcClients.class, ImportGrpcClients.Container.class, false)
                    .forEach(annotation -> register(annotation, annotated.getClassName(), registry, environment));
        }
    }

    private static void register(
            AnnotationAttributes annotation, String configuration, BeanRegistry registry, Environment environment) {
        Set<Class<?>> types = new LinkedHashSet<>(Arrays.asList(annotation.getClassArray("types")));
        for (String basePackage : annotation.getStringArray("basePackages")) {
            types.addAll(GeneratedClients.in(environment.resolvePlaceholders(basePackage), environment));
        }
        if (types.isEmpty()) {
            throw new FailureAnalyzedException(
                    "@ImportGrpcClients on " + configuration + " finds no generated clients.",
                    "Name them, as in @ImportGrpcClients(types = Greeter.Client.class), or correct basePackages"
                            + " (found: " + Arrays.toString(annotation.getStringArray("basePackages")) + ").");
        }
        for (Class<?> type : types) {
            if (GeneratedClients.createMethodOf(type) == null) {
                throw new FailureAnalyzedException(
                        "@ImportGrpcClients on " + configuration + " names " + type.getName()
                                + ", which is no gRPC client.",
                        "Name generated client interfaces, such as Greeter.Client or Greeter.AsyncClient.");
            }
            register(type, annotation, registry, environment);
        }
    }

    private static <T> void register(
            Class<T> type, AnnotationAttributes annotation, BeanRegistry registry, Environment environment) {
        String named = environment.resolveRequiredPlaceholders(annotation.getString("client"));
        String service = StringUtils.uncapitalize(serviceOf(type).getSimpleName());
        String client = named.isEmpty() ? service : named;
        String bean = annotation.getString("prefix") + service + type.getSimpleName();
        registry.registerBean(
                bean,
                type,
                spec -> spec.lazyInit()
                        .description("gRPC client '" + client + "'")
                        .supplier(context -> type.cast(
                                context.bean(ClientFactory.class).make(client, type, "the bean '" + bean + "'"))));
        registry.registerBean(
                "grpcRegisteredClient." + bean,
                RegisteredClient.class,
                spec -> spec.infrastructure().supplier(context -> new RegisteredClient(bean, client, type)));
    }

    private static Class<?> serviceOf(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return outer == null ? type : outer;
    }
}
