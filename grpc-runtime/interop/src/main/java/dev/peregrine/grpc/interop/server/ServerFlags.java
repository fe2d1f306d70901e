// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.server;

import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.Flags;
import java.util.Set;

/**
 * What the server is told on the command line.
 *
 * @param port 0 takes a free one
 * @param tls whether connections are to be encrypted
 */
record ServerFlags(int port, boolean tls, Face face) {

    static final String USAGE = """
            Usage: server [--name=value ...]
              --port=PORT            port of 127.0.0.1 to listen on, 0 takes a free one (default 8080)
              --use_tls=true|false   TLS is not available yet: true is refused (default false)
              --face=blocking|async  which face of the generated code implements the service (default blocking)""";

    /**
     * @throws IllegalArgumentException if the arguments are not understood
     */
    static ServerFlags parse(String[] arguments) {
        Flags flags = Flags.parse(arguments, Set.of("port", "use_tls", "face"));
        return new ServerFlags(flags.port("port", 8080, 0), flags.bool("use_tls", false), flags.face());
    }
}
