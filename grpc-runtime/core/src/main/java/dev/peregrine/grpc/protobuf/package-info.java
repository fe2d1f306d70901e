/**
 * Protocol Buffers as the messages of calls. Who may come in: generated code. Thread rule: everything here is stateless.
 * Start reading at {@link dev.peregrine.grpc.protobuf.ProtobufMarshaller}.
 */
@NullMarked
package dev.peregrine.grpc.protobuf;

import org.jspecify.annotations.NullMarked;
