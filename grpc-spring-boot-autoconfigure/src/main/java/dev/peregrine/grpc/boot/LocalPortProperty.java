// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

/** The property that tells the port of the server: published by servers, read by tests, known to clients' messages. */
public final class LocalPortProperty {

    /** For the default server. */
    public static final String NAME = "local.grpc.server.port";

    private LocalPortProperty() {}

    /** The property for a server with a name of its own. */
    public static String of(String server) {
        return "local.grpc.server." + server + ".port";
    }
}
