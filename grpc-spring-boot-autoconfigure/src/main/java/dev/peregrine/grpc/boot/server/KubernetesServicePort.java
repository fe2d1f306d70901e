// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.logging.Log;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.boot.support.SystemEnvironmentPropertySourceEnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.StringUtils;

/**
 * Keeps Kubernetes from setting {@code grpc.server.port}. For each service that pods can see it puts variables into their
 * environment; for one called {@code grpc-server} that is {@code GRPC_SERVER_PORT=tcp://10.0.0.1:9090}, which Spring Boot
 * reads as our property, and which is no port number. Such a value is hidden and the log says so; a real port number in
 * the same variable counts as ever. Of the other variables Kubernetes makes, none has the name of a property of ours.
 */
final class KubernetesServicePort implements EnvironmentPostProcessor, Ordered {

    private static final String VARIABLE = "GRPC_SERVER_PORT";

    /** The protocols of a Kubernetes service. */
    private static final Pattern SERVICE_LINK = Pattern.compile("(tcp|udp|sctp)://.+");

    private final Log log;

    KubernetesServicePort(DeferredLogFactory logs) {
        this.log = logs.getLog(KubernetesServicePort.class);
    }

    /** Before Spring Boot wraps the environment variables, and before configuration files are read. */
    @Override
    public int getOrder() {
        return SystemEnvironmentPropertySourceEnvironmentPostProcessor.DEFAULT_ORDER - 1;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (StringUtils.hasText(application.getEnvironmentPrefix())) {
            return; // only variables with that prefix are properties then
        }
        MutablePropertySources sources = environment.getPropertySources();
        PropertySource<?> variables = sources.get(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        if (!(variables instanceof SystemEnvironmentPropertySource system)) {
            return;
        }
        Object value = system.getSource().get(VARIABLE);
        if (value != null && SERVICE_LINK.matcher(value.toString()).matches()) {
            sources.replace(system.getName(), without(VARIABLE, system));
            log.info(
                    "Ignoring the environment variable " + VARIABLE + "=" + value + ": Kubernetes sets it for a service"
                            + " called 'grpc-server', and it is no port. The gRPC server listens where grpc.server.port says in"
                            + " other places; 'enableServiceLinks: false' in the pod keeps such variables away.");
        }
    }

    private static SystemEnvironmentPropertySource without(String variable, SystemEnvironmentPropertySource system) {
        Map<String, Object> others = new HashMap<>(system.getSource());
        others.remove(variable);
        return new SystemEnvironmentPropertySource(system.getName(), others);
    }
}
