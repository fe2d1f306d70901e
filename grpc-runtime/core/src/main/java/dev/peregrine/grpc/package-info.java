/**
 * The words of gRPC: status, metadata, deadline, method. Floor 0 of the runtime: immutable values that
 * everybody may use, and that use nothing but the JDK.
 *
 * <p>Thread rule: every type here is safe to share between threads; {@link dev.peregrine.grpc.Cancellation}
 * is the one that changes, and it changes once. Start reading at {@link dev.peregrine.grpc.MethodDescriptor}.
 */
@NullMarked
package dev.peregrine.grpc;

import org.jspecify.annotations.NullMarked;
