// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.codec.GzipEncoding;
import dev.peregrine.grpc.codec.Packing;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcMessage;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Octets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Texts as they travel compressed. */
final class GzippedTexts {

    private GzippedTexts() {}

    /** DATA with one text, compressed. */
    static Frame.Data packed(int streamId, String text, boolean last) {
        return raw(streamId, Packing.gzip(text.getBytes(StandardCharsets.UTF_8)), last);
    }

    /** DATA with one message that is flagged as compressed. */
    static Frame.Data raw(int streamId, byte[] bytes, boolean last) {
        return new Frame.Data(streamId, new GrpcMessage(true, Octets.of(bytes)).prefixed(), last);
    }

    /** The texts of a response, those that were flagged as compressed with an asterisk. */
    static List<String> texts(GrpcResponse response) {
        return response.messages().stream()
                .map(message -> message.compressed()
                        ? "*" + unpacked(message.payload())
                        : message.payload().utf8())
                .toList();
    }

    private static String unpacked(Octets bytes) {
        try {
            return new String(Packing.decompress(GzipEncoding.DEFAULT, bytes.toArray()), StandardCharsets.UTF_8);
        } catch (IOException corrupt) {
            throw new AssertionError(corrupt);
        }
    }
}
