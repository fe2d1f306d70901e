// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

/**
 * What either end's stream can do besides, over a transport that {@linkplain TransportProvider#compresses() compresses}:
 * large messages of a call are then unpacked and compressed on other threads than the connection's.
 */
public interface CompressibleStream {

    /**
     * Holds messages back whatever the demand, or lets them go on: for a reader that has got more to do than it asked for. What has
     * been received already may still be delivered. Held twice, they go on when they have been let go twice.
     */
    void hold(boolean held);

    /** Runs the task on the thread that calls the listener, between two calls; drops it if the connection is gone. */
    void execute(Runnable task);

    /**
     * A stream of a transport that compresses, as what it is besides its end's own.
     *
     * @throws IllegalStateException if the transport does not keep to what it says
     */
    static CompressibleStream of(Object stream) {
        if (stream instanceof CompressibleStream compressible) {
            return compressible;
        }
        throw new IllegalStateException("a transport that compresses has opened a stream that cannot, of "
                + stream.getClass().getName() + "; streams of such transports implement CompressibleStream");
    }
}
