// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.codec.CompressionPolicy;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * A method with all that was decided about it when the server started, so that nothing is left to decide for a call.
 *
 * @param method behind its interceptors
 * @param blocking where it runs if it blocks
 * @param compression what its messages may be and are compressed with
 * @param limits what its calls take a place in; see {@link Admission}
 * @param options what else differs from other methods
 */
record ServedMethod<Q, R>(
        ServerMethod<Q, R> method,
        Executor blocking,
        CompressionPolicy compression,
        List<ConcurrencyLimit> limits,
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
        Executor own = options.executor();
        return new ServedMethod<>(
                method.behind(options.interceptors()).behind(ofServer).in(options.modeOr(method.mode())),
                own == null ? usual : own,
                new CompressionPolicy(
                        compression.encodings(),
                        options.compressionOr(compression.outbound()),
                        options.maxMessageSizeOr(compression.maxMessageSize()),
                        compression.maxRatio()),
                options.concurrencyLimits(),
                options);
    }
}
