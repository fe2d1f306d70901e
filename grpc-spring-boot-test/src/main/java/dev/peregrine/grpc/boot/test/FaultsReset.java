// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import org.springframework.context.ApplicationContext;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/** Clears {@link GrpcFaults} behind each test, so that no test inherits them through a cached context. */
final class FaultsReset implements TestExecutionListener {

    @Override
    public void afterTestMethod(TestContext test) {
        if (test.hasApplicationContext()) {
            ApplicationContext context = test.getApplicationContext();
            context.getBeanProvider(GrpcFaults.class).forEach(GrpcFaults::clear);
        }
    }
}
