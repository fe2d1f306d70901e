// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the labels of a container tell about the gRPC server in it. */
final class ServiceLabels {

    /** The name of service connections that lead to gRPC servers. */
    static final String CONNECTION = "grpc";

    /** Clients that call this server, separated by commas; all that no other container names, if it is missing. */
    static final String CLIENTS = "dev.peregrine.grpc.clients";

    /** Port of the server within the container. */
    static final String PORT = "dev.peregrine.grpc.port";

    /** The port that gRPC servers of Spring Boot listen on, unless they are told otherwise. */
    private static final int DEFAULT_PORT = 9090;

    private ServiceLabels() {}

    static Set<String> clients(Map<String, String> labels) {
        return Arrays.stream(labels.getOrDefault(CLIENTS, "").split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The port of the server within the container.
     *
     * @param container what the container is called, for the message
     * @throws IllegalArgumentException if the label is no port
     */
    static int port(String container, Map<String, String> labels) {
        String label = labels.get(PORT);
        if (label == null) {
            return DEFAULT_PORT;
        }
        try {
            int port = Integer.parseInt(label.trim());
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException noNumber) {
            // said below
        }
        throw new IllegalArgumentException("the label " + PORT + " of the container '" + container + "' is '" + label
                + "' (expected: 1 to 65535, the port that its gRPC server listens on)");
    }
}
