// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.actuate;

import dev.peregrine.grpc.boot.AccessRules;
import dev.peregrine.grpc.boot.Addresses;
import dev.peregrine.grpc.boot.actuate.GrpcReport.CallReport;
import dev.peregrine.grpc.boot.actuate.GrpcReport.ClientReport;
import dev.peregrine.grpc.boot.actuate.GrpcReport.ConnectionReport;
import dev.peregrine.grpc.boot.actuate.GrpcReport.ConnectionsReport;
import dev.peregrine.grpc.boot.actuate.GrpcReport.CountsReport;
import dev.peregrine.grpc.boot.actuate.GrpcReport.MethodReport;
import dev.peregrine.grpc.boot.actuate.GrpcReport.ServerReport;
import dev.peregrine.grpc.observe.CallCounts;
import dev.peregrine.grpc.observe.CallSnapshot;
import dev.peregrine.grpc.observe.ChannelSnapshot;
import dev.peregrine.grpc.observe.ConnectionSnapshot;
import dev.peregrine.grpc.observe.ServerSnapshot;
import dev.peregrine.grpc.observe.TransportSnapshot;
import dev.peregrine.grpc.server.ServerMethod;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the runtime tells, for readers of JSON. */
final class Reports {

    private Reports() {}

    static ServerReport stopped() {
        return new ServerReport(false, List.of(), Map.of(), null);
    }

    static ServerReport server(ServerSnapshot server, List<ServiceDefinition> services, AccessRules rules) {
        return new ServerReport(
                true,
                server.addresses().stream().map(Addresses::text).toList(),
                services(services, rules),
                connections(server.transport()));
    }

    static Map<String, Map<String, MethodReport>> services(List<ServiceDefinition> services, AccessRules rules) {
        Map<String, Map<String, MethodReport>> all = new TreeMap<>();
        for (ServiceDefinition service : services) {
            Map<String, MethodReport> methods = new TreeMap<>();
            for (ServerMethod<?, ?> method : service.methods()) {
                methods.put(
                        method.descriptor().name(),
                        new MethodReport(
                                method.descriptor().kind().name(),
                                method.mode().name(),
                                rules.of(method.descriptor().fullName())));
            }
            all.put(service.name(), methods);
        }
        return all;
    }

    static ClientReport client(ChannelSnapshot channel) {
        return new ClientReport(
                channel.target(), channel.authority(), channel.state(), connections(channel.transport()));
    }

    private static ConnectionsReport connections(TransportSnapshot transport) {
        return new ConnectionsReport(
                transport.open(),
                transport.silent(),
                counts(transport.calls()),
                transport.connections().stream().map(Reports::connection).toList(),
                transport.next().isPresent() ? transport.next().getAsLong() : null);
    }

    private static ConnectionReport connection(ConnectionSnapshot connection) {
        String protocol = connection.peer().tlsProtocol();
        return new ConnectionReport(
                connection.id(),
                Addresses.text(connection.peer().remote()),
                Addresses.text(connection.peer().local()),
                protocol == null ? null : protocol + " " + connection.peer().tlsCipher(),
                text(connection.age()),
                connection.draining(),
                counts(connection.calls()),
                connection.openCalls(),
                connection.live().stream().map(Reports::call).toList());
    }

    private static CallReport call(CallSnapshot call) {
        return new CallReport(call.method(), textOrNull(call.age()), textOrNull(call.remaining()));
    }

    private static CountsReport counts(CallCounts counts) {
        return new CountsReport(counts.started(), counts.succeeded(), counts.failed());
    }

    private static @Nullable String textOrNull(@Nullable Duration duration) {
        return duration == null ? null : text(duration);
    }

    private static String text(Duration duration) {
        return duration.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
