// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.advice;

import dev.peregrine.grpc.boot.AnnotatedBeans;
import dev.peregrine.grpc.boot.server.GrpcGlobalServerInterceptor;
import dev.peregrine.grpc.boot.server.GrpcServerInterceptorOrder;
import dev.peregrine.grpc.boot.server.PerServiceInterceptor;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.annotation.OrderUtils;

/**
 * Stands before every service for which there is a word about exceptions, and before no other. Who is asked: the service
 * itself, the advice in its order, the translators in theirs.
 */
@GrpcGlobalServerInterceptor
final class ErrorTranslation implements PerServiceInterceptor, Ordered {

    private final ListableBeanFactory beans;
    private final ObjectProvider<GrpcErrorTranslator> translators;

    ErrorTranslation(ListableBeanFactory beans, ObjectProvider<GrpcErrorTranslator> translators) {
        this.beans = beans;
        this.translators = translators;
    }

    @Override
    public int getOrder() {
        return GrpcServerInterceptorOrder.ERRORS;
    }

    @Override
    public ServerInterceptor forService(String name, Object bean) {
        List<ExceptionHandlers> handlers = new ArrayList<>();
        handlers.add(ExceptionHandlers.of(name, bean));
        handlers.addAll(advice());
        handlers.removeIf(ExceptionHandlers::isEmpty);
        List<GrpcErrorTranslator> others = translators.orderedStream().toList();
        return handlers.isEmpty() && others.isEmpty()
                ? this
                : new TranslatingInterceptor(new Translation(handlers, others));
    }

    private List<ExceptionHandlers> advice() {
        List<String> names = new ArrayList<>(AnnotatedBeans.names(beans, GrpcAdvice.class, Object.class));
        names.sort(Comparator.comparingInt(this::orderOf));
        return names.stream()
                .map(name -> ExceptionHandlers.of(name, beans.getBean(name)))
                .toList();
    }

    private int orderOf(String name) {
        Object bean = beans.getBean(name);
        if (bean instanceof Ordered ordered) {
            return ordered.getOrder();
        }
        Order order = beans.findAnnotationOnBean(name, Order.class);
        return order != null ? order.value() : OrderUtils.getOrder(bean.getClass(), Ordered.LOWEST_PRECEDENCE);
    }
}
