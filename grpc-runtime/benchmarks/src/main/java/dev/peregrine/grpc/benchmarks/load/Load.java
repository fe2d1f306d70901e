// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.load;

/** A client that makes calls over one connection until a budget is used up; it may run several times. */
public interface Load extends AutoCloseable {

    /**
     * Makes calls and waits for all answers.
     *
     * @return the number of calls that were answered
     * @throws IllegalStateException if a call failed, was answered with something else than it sent, or was not answered
     */
    long run(Budget budget) throws InterruptedException;

    /** Closes the connection and waits until it is closed. */
    @Override
    void close();
}
