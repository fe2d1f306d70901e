// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.server;

import com.google.protobuf.ByteString;
import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.interop.Payloads;
import dev.peregrine.grpc.interop.proto.EchoStatus;
import dev.peregrine.grpc.interop.proto.Payload;
import dev.peregrine.grpc.interop.proto.PayloadType;
import dev.peregrine.grpc.interop.proto.ResponseParameters;
import dev.peregrine.grpc.interop.proto.SimpleRequest;
import dev.peregrine.grpc.interop.proto.SimpleResponse;
import dev.peregrine.grpc.interop.proto.StreamingInputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** What the service says, whichever face it says it through. Throws {@link StatusException} where the answer is one. */
final class Answers {

    private static final MetadataKey<String> CACHE_CONTROL = MetadataKey.ascii("cache-control");

    private static final String SERVER_ID = UUID.randomUUID().toString();

    private Answers() {}

    /** UnaryCall. */
    static SimpleResponse to(SimpleRequest request) {
        if (request.hasResponseStatus()) {
            throw asked(request.getResponseStatus());
        }
        requireKnown(request.getResponseType());
        Compression.require(request.getExpectCompressed());
        Compression.wish(CallContext.current(), request.getResponseCompressed());
        SimpleResponse.Builder response =
                SimpleResponse.newBuilder().setPayload(payload("response_size", request.getResponseSize()));
        if (request.getFillServerId()) {
            response.setServerId(SERVER_ID);
        }
        return response.build();
    }

    /** CacheableUnaryCall: the time in nanoseconds, which proxies may keep for a minute. */
    static SimpleResponse withTimestamp(CallContext context) {
        context.addResponseHeaders(Metadata.of(CACHE_CONTROL, "max-age=60, public"));
        Instant now = Instant.now();
        long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        return SimpleResponse.newBuilder()
                .setPayload(Payload.newBuilder().setBody(ByteString.copyFromUtf8(Long.toString(nanos))))
                .build();
    }

    /** StreamingInputCall: what this request adds to the sum. */
    static int sizeOf(StreamingInputCallRequest request) {
        Compression.require(request.getExpectCompressed());
        return request.getPayload().getBody().size();
    }

    /** The output calls: which responses are due for this request. */
    static List<ResponseParameters> dueFor(StreamingOutputCallRequest request) {
        if (request.hasResponseStatus()) {
            throw asked(request.getResponseStatus());
        }
        requireKnown(request.getResponseType());
        return request.getResponseParametersList();
    }

    static StreamingOutputCallResponse of(ResponseParameters parameters) {
        return StreamingOutputCallResponse.newBuilder()
                .setPayload(payload("size", parameters.getSize()))
                .build();
    }

    /** "Echo Status". */
    private static StatusException asked(EchoStatus status) {
        return Status.of(StatusCode.of(status.getCode()), status.getMessage()).asException();
    }

    private static void requireKnown(PayloadType type) {
        if (type == PayloadType.UNRECOGNIZED) {
            throw new StatusException(
                    StatusCode.INVALID_ARGUMENT, "the response_type is not supported (expected: COMPRESSABLE)");
        }
    }

    private static Payload payload(String field, int size) {
        if (size < 0 || size > Payloads.MAX_MESSAGE_SIZE) {
            throw new StatusException(
                    StatusCode.INVALID_ARGUMENT,
                    field + ": " + size + " (expected: 0 to " + Payloads.MAX_MESSAGE_SIZE + ")");
        }
        return Payloads.zeros(size);
    }
}
