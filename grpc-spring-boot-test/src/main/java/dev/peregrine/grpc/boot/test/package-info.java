// SPDX-License-Identifier: Apache-2.0
/**
 * What tests of applications use: the port of a server, calls within the process, the gRPC part of an application without
 * the rest, and calls that go wrong.
 *
 * <p>Who may come in: tests, through {@code grpc-spring-boot-starter-test}; nothing in production knows this room, and it knows
 * the annotations and properties of the starter, as any application does. Thread rule: none. Start reading at
 * {@link dev.peregrine.grpc.boot.test.GrpcTest}.
 */
@NullMarked
package dev.peregrine.grpc.boot.test;

import org.jspecify.annotations.NullMarked;
