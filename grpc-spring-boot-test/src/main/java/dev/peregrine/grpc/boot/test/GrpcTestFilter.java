// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import dev.peregrine.grpc.boot.advice.GrpcAdvice;
import dev.peregrine.grpc.boot.advice.GrpcExceptionTranslator;
import dev.peregrine.grpc.boot.client.GrpcChannelCustomizer;
import dev.peregrine.grpc.boot.client.GrpcGlobalClientInterceptor;
import dev.peregrine.grpc.boot.server.GrpcGlobalServerInterceptor;
import dev.peregrine.grpc.boot.server.GrpcServerCustomizer;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.util.HashSet;
import java.util.Set;
import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;

/** Which components a {@link GrpcTest} takes in: also what properties name, as interceptors and encodings. */
final class GrpcTestFilter extends StandardAnnotationCustomizableTypeExcludeFilter<GrpcTest> {

    private static final Set<Class<?>> AROUND_SERVICES = Set.of(
            GrpcAdvice.class,
            GrpcGlobalServerInterceptor.class,
            GrpcGlobalClientInterceptor.class,
            GrpcServerCustomizer.class,
            GrpcChannelCustomizer.class,
            GrpcExceptionTranslator.class,
            ServerInterceptor.class,
            ClientInterceptor.class,
            MessageEncoding.class);

    GrpcTestFilter(Class<?> testClass) {
        super(testClass);
    }

    @Override
    protected Set<Class<?>> getKnownIncludes() {
        Set<Class<?>> includes = new HashSet<>(AROUND_SERVICES);
        if (services().isEmpty()) {
            includes.add(GrpcService.class);
        }
        return includes;
    }

    @Override
    protected Set<Class<?>> getComponentIncludes() {
        return services();
    }

    private Set<Class<?>> services() {
        return Set.of(getAnnotation().getClassArray("services"));
    }
}
