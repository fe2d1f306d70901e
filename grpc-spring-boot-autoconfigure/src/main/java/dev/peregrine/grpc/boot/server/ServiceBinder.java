// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.BindableService;
import dev.peregrine.grpc.server.ServerMethod;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.util.ClassUtils;

/**
 * Binds a service bean so that calls go through its proxy, if it has one.
 *
 * <p>{@code bind()} of a generated interface refers to the methods of {@code this}. Called on a proxy, it would run on the
 * object behind, and transactions, security and every other advice would be silently left out. So it is called the way
 * {@code super} calls are, with the proxy as {@code this}.
 *
 * <p>That works for what was generated. A {@code bind()} that somebody wrote uses fields, which a proxy has not, and refers
 * to whatever it likes: behind a proxy it is refused.
 */
final class ServiceBinder {

    private ServiceBinder() {}

    /**
     * @param name the bean's
     * @throws FailureAnalyzedException if calls would pass the proxy by, or nobody knows what a mock is to serve
     */
    static ServiceDefinition bind(String name, BindableService service) {
        if (!AopUtils.isAopProxy(service)) {
            ServiceDefinition bound = service.bind();
            return bound == null ? StandIns.bind(name, service) : bound;
        }
        Method bind = bindMethodOf(ClassUtils.getUserClass(AopProxyUtils.ultimateTargetClass(service)));
        if (!bind.isDefault()) {
            throw refused(name, bind.getDeclaringClass().getSimpleName());
        }
        return withPromisesOfTarget(bindAsThis(service, bind), service);
    }

    private static FailureAnalyzedException refused(String bean, String author) {
        return new FailureAnalyzedException(
                "The service bean '" + bean
                        + "' has a proxy around it, for transactions, security or other advice, and "
                        + author + " has a bind() of its own: calls would go to what bind() refers to, and no advice"
                        + " would see them.",
                "Remove bind() from " + author + "; @GrpcService(streamsWithoutGrace = true), @NonBlocking and"
                        + " @GrpcServerInterceptors say what it may be there for. Or move what has the advice to"
                        + " another bean, which the service calls.");
    }

    /** A proxy of interfaces does not show what the methods behind it promise, such as not to block. */
    private static ServiceDefinition withPromisesOfTarget(ServiceDefinition proxied, BindableService proxy) {
        if (!AopUtils.isJdkDynamicProxy(proxy)
                || !(AopProxyUtils.getSingletonTarget(proxy) instanceof BindableService target)) {
            return proxied;
        }
        List<ServerMethod<?, ?>> promised = target.bind().methods();
        List<ServerMethod<?, ?>> methods = new ArrayList<>();
        for (int i = 0; i < promised.size(); i++) {
            methods.add(withPromises(proxied.methods().get(i), promised.get(i)));
        }
        return new ServiceDefinition(proxied.descriptor(), methods);
    }

    private static <Q, R> ServerMethod<Q, R> withPromises(ServerMethod<Q, R> method, ServerMethod<?, ?> promised) {
        return new ServerMethod<>(method.descriptor(), method.handler(), promised.mode(), promised.graceless());
    }

    private static Method bindMethodOf(Class<?> type) {
        try {
            // A scoped proxy knows no more of another proxy behind it than its interfaces.
            Class<?> author = Proxy.isProxyClass(type) ? interfaceOf(type) : type;
            return author.getMethod("bind");
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(type.getName() + " is a BindableService without bind()", impossible);
        }
    }

    private static Class<?> interfaceOf(Class<?> proxy) {
        for (Class<?> face : proxy.getInterfaces()) {
            if (BindableService.class.isAssignableFrom(face)) {
                return face;
            }
        }
        throw new IllegalStateException(proxy + " is a BindableService without such an interface");
    }

    /** @param bind of a generated interface */
    static ServiceDefinition bindAsThis(BindableService service, Method bind) {
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
