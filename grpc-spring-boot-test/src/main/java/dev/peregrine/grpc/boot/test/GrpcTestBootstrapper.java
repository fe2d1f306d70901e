// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/** Finds the application of a {@link GrpcTest}. */
final class GrpcTestBootstrapper extends TestSliceTestContextBootstrapper<GrpcTest> {}
