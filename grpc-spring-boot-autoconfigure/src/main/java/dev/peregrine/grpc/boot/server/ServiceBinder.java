// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.BindableService;
import dev.peregrine.grpc.server.ExecutionMode;
import dev.peregrine.grpc.server.ServerMethod;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;

/**
 * Binds a service bean so that calls go through its proxy, if it has one.
 *
 * <p>{@code bind()} of a generated interface refers to the methods of {@code this}. Called on a proxy, it would run on the
 * object behind, and transactions, security and every other advice would be silently left out. So it is called the way
 * {@code super} calls are, with the proxy as {@code this}.
 */
final class ServiceBinder {

    private ServiceBinder() {}

    static ServiceDefinition bind(BindableService service) {
        if (!AopUtils.isAopProxy(service)) {
            return service.bind();
        }
        Method bind = bindMethodOf(AopUtils.getTargetClass(service));
        if (!bind.isDefault()) {
            return service.bind(); // written by hand: what it refers to is its author's choice
        }
        return withModesOfTarget(bindAsThis(service, bind), service);
    }

    /** A proxy of interfaces does not show what the methods behind it promise, such as not to block. */
    private static ServiceDefinition withModesOfTarget(ServiceDefinition proxied, BindableService proxy) {
        if (!AopUtils.isJdkDynamicProxy(proxy)
                || !(AopProxyUtils.getSingletonTarget(proxy) instanceof BindableService target)) {
            return proxied;
        }
        List<ServerMethod<?, ?>> methods = new ArrayList<>();
        for (int i = 0; i < proxied.methods().size(); i++) {
            methods.add(withMode(
                    proxied.methods().get(i), target.bind().methods().get(i).mode()));
        }
        return new ServiceDefinition(proxied.descriptor(), methods);
    }

    private static <Q, R> ServerMethod<Q, R> withMode(ServerMethod<Q, R> method, ExecutionMode mode) {
        return new ServerMethod<>(method.descriptor(), method.handler(), mode);
    }

    private static Method bindMethodOf(Class<?> type) {
        try {
            return type.getMethod("bind");
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(type.getName() + " is a BindableService without bind()", impossible);
        }
    }

    private static ServiceDefinition bindAsThis(BindableService service, Method bind) {
        Class<?> declaring = bind.getDeclaringClass();
        try {
            MethodHandle special = MethodHandles.privateLookupIn(declaring, MethodHandles.lookup())
                    .unreflectSpecial(bind, declaring);
            return (ServiceDefinition) special.invoke(service);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException(
                    declaring.getName() + ".bind() cannot be called on the proxy " + service.getClass(), failure);
        }
    }
}
