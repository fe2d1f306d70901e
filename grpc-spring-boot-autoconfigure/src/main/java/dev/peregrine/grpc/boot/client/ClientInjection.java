// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.stub.ClientStub;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.annotation.MergedAnnotation;

/** What an injection point with {@link GrpcClient} gets: a bean, if there is one for it, or else a client of its own. */
final class ClientInjection {

    private final ConfigurableListableBeanFactory beans;

    ClientInjection(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /**
     * @throws FailureAnalyzedException if there is no such client
     */
    Object inject(DependencyDescriptor dependency, MergedAnnotation<GrpcClient> annotation) {
        String name = String.valueOf(beans.resolveEmbeddedValue(annotation.getString(MergedAnnotation.VALUE)));
        Class<?> type = dependency.getDependencyType();
        String place = InjectionPoints.describe(dependency);
        String bean = new ClientBeans(beans).nameFor(name, type);
        Object client = bean == null ? beans.getBean(ClientFactory.class).make(name, type, place) : beans.getBean(bean);
        List<ClientInterceptor> interceptors = interceptors(annotation, "@GrpcClient(\"" + name + "\") on " + place);
        if (interceptors.isEmpty()) {
            return client;
        }
        if (!(client instanceof ClientStub<?> stub)) {
            throw new FailureAnalyzedException(
                    "@GrpcClient(\"" + name + "\") on " + place + " has interceptors, and asks for the channel that all"
                            + " clients of this name share.",
                    "Ask for a generated client, or name the interceptors for all of them in "
                            + ClientSettings.property(name, "interceptors") + ".");
        }
        Object intercepted = stub.withInterceptors(interceptors.toArray(ClientInterceptor[]::new));
        return intercepted == null ? client : intercepted; // a mock in the client's place knows no interceptors
    }

    private List<ClientInterceptor> interceptors(MergedAnnotation<GrpcClient> annotation, String where) {
        Class<?>[] types = annotation.getClassArray("interceptors");
        String[] names = annotation.getStringArray("interceptorNames");
        if (types.length == 0 && names.length == 0) {
            return List.of();
        }
        ClientInterceptorBeans all = beans.getBean(ClientInterceptorBeans.class);
        List<ClientInterceptor> interceptors = new ArrayList<>();
        for (Class<?> type : types) {
            interceptors.add(all.ofType(type.asSubclass(ClientInterceptor.class), where));
        }
        for (String named : names) {
            interceptors.add(all.named(named, where));
        }
        return interceptors;
    }
}
