// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.codec.CompressionPolicy;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * A method with all that was decided about it when the server started, so that nothing is left to decide for a call.
 *
 * @param method behind its interceptors
 * @param blocking where it runs if it blocks, behind its concurrency limits
 * @param compression what its messages may be and are compressed with
 * @param gates the concurrency limits that it is held against where it runs on the event loop
 * @param options what else differs from other methods
 */
record ServedMethod<Q, R>(
        ServerMethod<Q, R> method,
        Executor blocking,
        CompressionPolicy compression,
        List<ConcurrencyLimit> gates,
        MethodOptions options) {

    /**
     * @throws IllegalArgumentException if the server does not have the encoding that the options name
     */
    static <Q, R> ServedMethod<Q, R> of(
            ServerMethod<Q, R> method,
            MethodOptions options,
            List<ServerInterceptor> ofServer,
            Executor usual,
            CompressionPolicy compression) {
        ExecutionMode mode = options.modeOr(method.mode());
        boolean blocks = mode == ExecutionMode.BLOCKING;
        Executor executor = options.executor() == null ? usual : options.executor();
        List<ConcurrencyLimit> limits = options.concurrencyLimits();
        for (int i = limits.size() - 1; i >= 0; i--) {
            executor = limits.get(i).on(executor);
        }
        return new ServedMethod<>(
                method.behind(options.interceptors()).behind(ofServer).in(mode),
                executor,
                new CompressionPolicy(
                        compression.encodings(),
                        options.compressionOr(compression.outbound()),
                        options.maxMessageSizeOr(compression.maxMessageSize()),
                        compression.maxRatio()),
                blocks ? List.of() : limits,
                options);
    }
}
