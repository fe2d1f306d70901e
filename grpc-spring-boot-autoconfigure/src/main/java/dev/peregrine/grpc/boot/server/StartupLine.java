// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.boot.Addresses;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.stream.Collectors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.env.Environment;

/** The line that says where a server listens, unless {@code spring.main.log-startup-info} is false. */
final class StartupLine {

    private static final Log log = LogFactory.getLog(GrpcServers.class);

    private StartupLine() {}

    static void log(Environment environment, RunningServer server) {
        if (!environment.getProperty("spring.main.log-startup-info", Boolean.class, true)) {
            return;
        }
        ServerPlan plan = server.plan();
        int services = server.server().services().size();
        log.info("gRPC server" + GrpcServers.quoted(server.name()) + " listens on "
                + server.addresses().stream().map(StartupLine::text).collect(Collectors.joining(", ")) + " ("
                + protocol(plan) + ") with "
                + (services == 1 ? "1 service" : services + " services")
                + ", blocking handlers run on " + plan.threads().description());
    }

    private static String protocol(ServerPlan plan) {
        if (plan.tls() == null) {
            return plan.addresses().stream().allMatch(InProcessAddress.class::isInstance) ? "in process" : "plaintext";
        }
        return switch (plan.tls().current().clientAuth()) {
            case NONE -> "TLS";
            case OPTIONAL -> "TLS, client certificates optional";
            case REQUIRE -> "TLS, client certificates required";
        };
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress network
                        && network.getAddress().isAnyLocalAddress()
                ? "port " + network.getPort()
                : Addresses.text(address);
    }
}
