/**
 * What tests of applications use.
 *
 * <p>Who may come in: tests. Thread rule: none. Start reading at
 * {@link dev.peregrine.grpc.boot.test.LocalGrpcServerPort}.
 */
@NullMarked
package dev.peregrine.grpc.boot.test;

import org.jspecify.annotations.NullMarked;
