// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.advice;

import dev.peregrine.grpc.boot.AnnotatedBeans;
import dev.peregrine.grpc.boot.server.GrpcGlobalServerInterceptor;
import dev.peregrine.grpc.boot.server.GrpcServerInterceptorOrder;
import dev.peregrine.grpc.boot.server.PerServiceInterceptor;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;

/**
 * Stands before every service for which there is a word about exceptions, and before no other. Who is asked: the service
 * itself, the advice in its order, the translators in theirs.
 */
@GrpcGlobalServerInterceptor
final class ErrorTranslation implements PerServiceInterceptor, Ordered {

    private final ConfigurableListableBeanFactory beans;
    private final ObjectProvider<GrpcExceptionTranslator> translators;
    private final ObjectProvider<HandlerArgument<?>> arguments;

    ErrorTranslation(
            ConfigurableListableBeanFactory beans,
            ObjectProvider<GrpcExceptionTranslator> translators,
            ObjectProvider<HandlerArgument<?>> arguments) {
        this.beans = beans;
        this.arguments = arguments;
        this.translators = translators;
    }

    @Override
    public int getOrder() {
        return GrpcServerInterceptorOrder.ERRORS;
    }

    @Override
    public ServerInterceptor forService(String name, Object bean) {
        List<ExceptionHandlers> handlers = new ArrayList<>();
        Map<Class<?>, HandlerArgument<?>> others =
                arguments.stream().collect(Collectors.toMap(HandlerArgument::type, Function.identity()));
        handlers.add(ExceptionHandlers.of(name, bean, others));
        handlers.addAll(advice(others));
        handlers.removeIf(ExceptionHandlers::isEmpty);
        List<GrpcExceptionTranslator> libraries = translators.orderedStream().toList();
        return handlers.isEmpty() && libraries.isEmpty()
                ? this
                : new TranslatingInterceptor(new Translation(handlers, libraries));
    }

    private List<ExceptionHandlers> advice(Map<Class<?>, HandlerArgument<?>> others) {
        List<String> names = AnnotatedBeans.names(beans, GrpcAdvice.class, Object.class);
        return AnnotatedBeans.ordered(beans, names, Object.class).stream()
                .map(advice -> ExceptionHandlers.of(advice.name(), advice.bean(), others))
                .toList();
    }
}
