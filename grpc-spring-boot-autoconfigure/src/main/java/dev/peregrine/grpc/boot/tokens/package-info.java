/**
 * Who clients say they are: makes the credentials of {@code grpc.client.<name>.credentials.*}, and keeps their tokens fresh.
 *
 * <p>Who may come in: tests of a part of an application, to {@code AbsentRegistrations}; applications set properties, or make a
 * {@link dev.peregrine.grpc.interceptor.CredentialsInterceptor} of their own. Spring Security is there if the application has it: what needs
 * it stands in classes that are not loaded otherwise. Thread rule: asked by whichever thread makes a call, and never blocks it; tokens are
 * fetched on {@code grpc-token} threads. Start reading at {@code GrpcTokensAutoConfiguration}, then {@code CredentialsFactory}, and
 * {@code SharedToken} for how tokens are renewed.
 */
@NullMarked
package dev.peregrine.grpc.boot.tokens;

import org.jspecify.annotations.NullMarked;
