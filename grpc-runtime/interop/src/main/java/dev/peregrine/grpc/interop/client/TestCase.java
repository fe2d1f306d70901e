// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

/** One case of interop-test-descriptions.md. */
@FunctionalInterface
public interface TestCase {

    /**
     * Makes the calls of the case and checks what comes back.
     *
     * @throws CaseFailedException if something else came back than the description demands
     * @throws dev.peregrine.grpc.StatusException if a call failed that should not have
     */
    void run(TestStubs stubs);
}
