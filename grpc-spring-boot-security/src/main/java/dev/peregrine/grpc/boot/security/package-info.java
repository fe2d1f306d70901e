// SPDX-License-Identifier: Apache-2.0
/**
 * Who calls, and what they may: Spring Security before gRPC services, closed unless a rule opens a method.
 *
 * <p>Who may come in: applications, through {@link dev.peregrine.grpc.boot.security.GrpcSecurity} and
 * {@code grpc.security.*}. Thread rule: whether a call carries credentials at all is looked at on the event loop; they are
 * checked on the thread of the handler, which is never the event loop here. Start reading at {@code SecurityInterceptor}.
 */
@NullMarked
package dev.peregrine.grpc.boot.security;

import org.jspecify.annotations.NullMarked;
