// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
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
 * Keeps Kubernetes from configuring servers. For each service that pods can see it puts variables into their environment;
 * for one called {@code grpc-server} {@code GRPC_SERVER_PORT=tcp://10.0.0.1:9090} is among them, which Spring Boot reads as
 * {@code grpc.server.port}, and for one called {@code grpc-servers-internal} there are
 * {@code GRPC_SERVERS_INTERNAL_PORT} and others. All variables of such a service are hidden and the log says so; a real
 * port number in the same variable counts as ever.
 */
final class KubernetesServicePort implements EnvironmentPostProcessor, Ordered {

    /** The prefixes of our properties, as environment variables have them. */
    private static final Pattern PORT_VARIABLE = Pattern.compile("(GRPC_SERVERS?(_[A-Z0-9_]+)?)_PORT");

    /** What a Kubernetes service has in its port variable: one of its protocols, and an address. */
    private static final Pattern SERVICE_LINK = Pattern.compile("(tcp|udp|sctp)://.+");

    /** What Kubernetes puts behind the name of a service. */
    private static final String OF_SERVICE = "_(PORT|PORT_\\d+_.+|SERVICE_HOST|SERVICE_PORT|SERVICE_PORT_.+)";

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
        Map<String, Object> kept = new HashMap<>(system.getSource());
        system.getSource().forEach((variable, value) -> {
            Matcher port = PORT_VARIABLE.matcher(variable);
            if (port.matches() && SERVICE_LINK.matcher(value.toString()).matches()) {
                hide(port.group(1), value, kept);
            }
        });
        if (kept.size() < system.getSource().size()) {
            sources.replace(system.getName(), new SystemEnvironmentPropertySource(system.getName(), kept));
        }
    }

    private void hide(String service, Object link, Map<String, Object> variables) {
        Pattern ofService = Pattern.compile(Pattern.quote(service) + OF_SERVICE);
        variables.keySet().removeIf(variable -> ofService.matcher(variable).matches());
        String name = service.toLowerCase(Locale.ROOT);
        log.info("Ignoring the environment variable " + service + "_PORT=" + link + ": Kubernetes sets it for a service"
                + " called '" + name.replace('_', '-') + "', and it is no port. The gRPC server listens where "
                + name.replace('_', '.') + ".port says in other places; 'enableServiceLinks: false' in the pod keeps"
                + " such variables away.");
    }
}
