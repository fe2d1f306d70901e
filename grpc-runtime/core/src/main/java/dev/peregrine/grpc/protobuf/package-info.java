/**
 * Protocol Buffers as the messages of calls, and {@code google.rpc.Status} as what failed calls say in detail. Who may
 * come in: generated code; services and clients, for {@link dev.peregrine.grpc.protobuf.StatusDetails}. Thread rule:
 * everything here is stateless or immutable. Start reading at {@link dev.peregrine.grpc.protobuf.ProtobufMarshaller}.
 */
@NullMarked
package dev.peregrine.grpc.protobuf;

import org.jspecify.annotations.NullMarked;
