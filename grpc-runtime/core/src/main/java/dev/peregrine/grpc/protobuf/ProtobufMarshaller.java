// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.protobuf;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.peregrine.grpc.Marshaller;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Encodes Protocol Buffers in place and decodes them from where they lie.
 *
 * @param <M> the message type
 */
public final class ProtobufMarshaller<M extends MessageLite> implements Marshaller<M> {

    private final Parser<? extends MessageLite> parser;
    private final String typeName;

    private ProtobufMarshaller(M prototype) {
        this.parser = prototype.getParserForType();
        this.typeName = prototype.getClass().getSimpleName();
    }

    /**
     * @param prototype the default instance of the type
     */
    public static <M extends MessageLite> ProtobufMarshaller<M> of(M prototype) {
        return new ProtobufMarshaller<>(prototype);
    }

    @Override
    public int size(M message) {
        return message.getSerializedSize();
    }

    @Override
    public void write(M message, ByteBuffer out) {
        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        try {
            message.writeTo(coded);
            coded.flush();
        } catch (IOException outOfSpace) {
            throw new IllegalStateException(
                    typeName + " did not fit into the " + message.getSerializedSize() + " bytes it announced;"
                            + " was it changed by another thread?",
                    outOfSpace);
        }
    }

    @Override
    public void write(M message, OutputStream out) throws IOException {
        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        message.writeTo(coded);
        coded.flush();
    }

    @Override
    @SuppressWarnings("unchecked")
    public M read(ByteBuffer in) {
        try {
            return (M) parser.parseFrom(in, ExtensionRegistryLite.getEmptyRegistry());
        } catch (InvalidProtocolBufferException malformed) {
            throw new IllegalArgumentException("not a valid " + typeName + ": " + malformed.getMessage(), malformed);
        }
    }
}
