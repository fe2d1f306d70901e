// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

/**
 * Where interceptors of the starter stand, outermost first, as values for {@code @Order}. There is room between any two
 * for others. What has no order of its own stands last.
 *
 * <p>Errors are translated outside of authentication, so that what it throws is translated as well; and inside of
 * observation, so that what is observed is what the caller gets.
 */
public final class GrpcServerInterceptorOrder {

    /** Spans, metrics and logs of calls: sees every call, and how it ends. */
    public static final int OBSERVATION = -5000;

    /** Exceptions become statuses: those of services, and of every interceptor that comes after. */
    public static final int ERRORS = -4000;

    /** Who calls, and what they may. */
    public static final int AUTHENTICATION = -3000;

    /** What an operator says of methods: for policies that are interceptors. */
    public static final int POLICIES = -2000;

    /** Whether requests are what they should be: behind authentication, because answers tell of the rules. */
    public static final int VALIDATION = -1000;

    /**
     * Interceptors of the application. What stands here or later can be left out by a service with
     * {@link GrpcService#globalInterceptors}; what stands before cannot.
     */
    public static final int APPLICATION = 0;

    private GrpcServerInterceptorOrder() {}
}
