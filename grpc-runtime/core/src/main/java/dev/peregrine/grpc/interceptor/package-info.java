/**
 * Interceptors that come with the runtime: what applications would otherwise write for themselves, each with its mistakes.
 *
 * <p>Who may come in: applications. What stands here uses nothing of channels and servers that an interceptor of an application's
 * own could not use. Thread rule: interceptors are for all threads and never block. Start reading at
 * {@link dev.peregrine.grpc.interceptor.CredentialsInterceptor}.
 */
@NullMarked
package dev.peregrine.grpc.interceptor;

import org.jspecify.annotations.NullMarked;
