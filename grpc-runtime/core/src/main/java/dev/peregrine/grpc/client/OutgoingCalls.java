// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.codec.CompressionPolicy;
import dev.peregrine.grpc.codec.MessageEncoding;

/**
 * Makes the calls of a channel, behind all interceptors.
 *
 * @param isPrivate see {@link Channel#isPrivate}
 * @param compresses whether the transport carries compressed messages; if not, none are sent, whatever calls ask for
 */
record OutgoingCalls(
        String authority, boolean isPrivate, Subchannel connections, CompressionPolicy compression, boolean compresses)
        implements Channel {

    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
        String name = options.compression() == null ? compression.outbound() : options.compression();
        MessageEncoding encoding = name == null ? null : compression.encodings().require(name);
        return new OutgoingCall<>(method, options, authority, connections, compression, compresses ? encoding : null);
    }
}
