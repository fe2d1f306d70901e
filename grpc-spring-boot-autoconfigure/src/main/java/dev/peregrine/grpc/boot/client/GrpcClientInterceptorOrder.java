// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

/**
 * Where interceptors of clients stand, outermost first, as values for {@code @Order}. There is room between any two for
 * others. What has no order of its own stands last; before what asks for
 * {@link org.springframework.core.Ordered#LOWEST_PRECEDENCE}, as the faults do that a test injects.
 *
 * <p>Before all of them a call gets what {@code grpc.client.<name>.*} wishes for it, so they see deadline and metadata as
 * they will be. Behind all of them stand those of a single injection point and of a single call.
 */
public final class GrpcClientInterceptorOrder {

    /** Spans, metrics and logs of calls: sees every call, and how it ends for the application. */
    public static final int OBSERVATION = -5000;

    /**
     * Credentials: behind observation, which is told when there are none. What stands here or later can be left out by a
     * client with {@code grpc.client.<name>.global-interceptors=false}, such as the one that fetches the credentials; what
     * stands before cannot.
     */
    public static final int AUTHENTICATION = -3000;

    /** Whether requests are what they should be, before the server says so. */
    public static final int VALIDATION = -1000;

    /** Interceptors of the application. */
    public static final int APPLICATION = 0;

    private GrpcClientInterceptorOrder() {}
}
