// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.BindableService;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Binds the mocks that tests put in the place of services. A mock answers nothing that it was not told to, so its {@code
 * bind()} returns null; what it stands for is known from the generated interface it has.
 *
 * <p>That interface's {@code bind()} cannot be called on the mock either: a mock of a class may answer in the place of the
 * interface's own code. So it is called on a proxy, whose methods go to the mock.
 */
final class StandIns {

    private StandIns() {}

    /**
     * @param name the bean's
     * @param mock whose {@code bind()} returns null
     * @throws FailureAnalyzedException if it has no generated interface, or more than one
     */
    static ServiceDefinition bind(String name, BindableService mock) {
        List<Method> generated = Arrays.stream(ClassUtils.getAllInterfaces(mock))
                .filter(BindableService.class::isAssignableFrom)
                .map(face -> ReflectionUtils.findMethod(face, "bind"))
                .filter(bind -> bind != null && bind.isDefault())
                .distinct()
                .toList();
        if (generated.size() != 1) {
            throw refused(name, generated);
        }
        Method bind = generated.get(0);
        return ServiceBinder.bindAsThis(forwarding(bind.getDeclaringClass(), mock), bind);
    }

    private static BindableService forwarding(Class<?> face, BindableService mock) {
        ProxyFactory proxy = new ProxyFactory();
        proxy.setInterfaces(face);
        proxy.setTarget(mock);
        return (BindableService) proxy.getProxy(face.getClassLoader());
    }

    private static FailureAnalyzedException refused(String bean, List<Method> generated) {
        List<String> faces = generated.stream()
                .map(bind -> bind.getDeclaringClass().getName())
                .toList();
        return new FailureAnalyzedException(
                "bind() of the service bean '" + bean + "' returns null, as that of a mock does, and "
                        + (faces.isEmpty()
                                ? "the bean has no generated service interface that would say what it serves."
                                : "the bean has more than one generated service interface: " + faces + "."),
                "Let bind() return the service's definition; or mock one generated interface, such as Greeter.Service,"
                        + " or a class that implements it.");
    }
}
