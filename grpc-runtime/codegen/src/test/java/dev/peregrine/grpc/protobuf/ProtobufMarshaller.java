// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.protobuf;

import com.google.protobuf.Message;
import dev.peregrine.grpc.Marshaller;

public record ProtobufMarshaller<T extends Message>(T defaultInstance) implements Marshaller<T> {

    public static <T extends Message> ProtobufMarshaller<T> of(T defaultInstance) {
        return new ProtobufMarshaller<>(defaultInstance);
    }
}
