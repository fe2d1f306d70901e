// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import dev.peregrine.grpc.benchmarks.load.Load;
import dev.peregrine.grpc.benchmarks.load.Workload;
import java.io.IOException;

/** One way to serve and to call the echo service. */
public interface Contender {

    /** Starts a server on a free port of the loopback interface, for what is going to be asked of it. */
    EchoServer serve(Workload workload) throws IOException;

    /** A client of the port, on the loopback interface. */
    Load connect(int port, Workload workload);

    /** A running server. */
    interface EchoServer extends AutoCloseable {

        int port();

        /** Stops at once and waits until it has stopped. */
        @Override
        void close();
    }
}
