// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.boot.server.GrpcServerStartedEvent;
import dev.peregrine.grpc.boot.server.GrpcServers;
import dev.peregrine.grpc.server.ServerMethod;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.ApplicationListener;

/** Says at the start who may call what, so that nobody has to work it out from several places. */
final class AccessReport implements ApplicationListener<GrpcServerStartedEvent> {

    private static final Log log = LogFactory.getLog(AccessReport.class);

    private final AccessControl control;

    AccessReport(AccessControl control) {
        this.control = control;
    }

    @Override
    public void onApplicationEvent(GrpcServerStartedEvent started) {
        GrpcServers servers = (GrpcServers) started.getSource();
        if (log.isInfoEnabled() && servers.isRunning(started.getName())) {
            log.info(text(started.getName(), servers));
        }
    }

    private String text(String server, GrpcServers servers) {
        Map<String, String> rules = new TreeMap<>();
        for (ServiceDefinition service : servers.server(server).services()) {
            for (ServerMethod<?, ?> method : service.methods()) {
                String name = method.descriptor().fullName();
                rules.put(name, String.valueOf(control.of(name)));
            }
        }
        StringBuilder text = new StringBuilder("Who may call the gRPC server '" + server + "':");
        int longest = rules.keySet().stream().mapToInt(String::length).max().orElse(0);
        rules.forEach((method, rule) -> text.append("\n  ")
                .append(method)
                .append(" ".repeat(longest - method.length() + 2))
                .append(rule));
        return text.toString();
    }
}
