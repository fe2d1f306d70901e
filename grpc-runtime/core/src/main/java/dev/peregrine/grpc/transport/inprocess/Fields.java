// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.inprocess;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.wire.BinaryValues;
import dev.peregrine.grpc.wire.ContentType;
import dev.peregrine.grpc.wire.GrpcHeaders;
import dev.peregrine.grpc.wire.PercentEncoding;
import dev.peregrine.grpc.wire.RequestHeaders;
import dev.peregrine.grpc.wire.ResponseHeaders;
import dev.peregrine.grpc.wire.Timeout;
import java.util.function.BiConsumer;

/**
 * The header blocks of a call, written field by field as PROTOCOL-HTTP2.md lists them and read by the same classes that
 * read them from a network. So metadata arrives copied, without reserved names and as long as it would be there.
 */
final class Fields {

    private Fields() {}

    /** Request-Headers → ":method POST" ":scheme" ":path" ":authority" [Timeout] TE Content-Type User-Agent *Metadata */
    static RequestHeaders request(CallHead head, String userAgent) {
        RequestHeaders request = new RequestHeaders();
        request.add(GrpcHeaders.METHOD, GrpcHeaders.POST);
        request.add(GrpcHeaders.SCHEME, GrpcHeaders.HTTP);
        request.add(GrpcHeaders.PATH, head.path());
        request.add(GrpcHeaders.AUTHORITY, head.authority());
        if (head.deadline() != null) {
            request.add(GrpcHeaders.GRPC_TIMEOUT, Timeout.encode(head.deadline().remainingNanos()));
        }
        request.add(GrpcHeaders.TE, GrpcHeaders.TRAILERS);
        request.add(GrpcHeaders.CONTENT_TYPE, ContentType.GRPC);
        request.add(GrpcHeaders.USER_AGENT, userAgent);
        metadata(head.metadata(), request::add);
        return request;
    }

    /** Response-Headers → ":status 200" Content-Type *Metadata */
    static ResponseHeaders response(Metadata metadata) {
        ResponseHeaders response = begin();
        metadata(metadata, response::add);
        return response;
    }

    /** Trailers → Status [Status-Message] *Metadata; Trailers-Only → ":status 200" Content-Type Trailers */
    static ResponseHeaders trailers(boolean only, Status status, Metadata metadata) {
        ResponseHeaders trailers = only ? begin() : new ResponseHeaders();
        trailers.add(GrpcHeaders.GRPC_STATUS, Integer.toString(status.code().value()));
        if (status.description() != null) {
            trailers.add(GrpcHeaders.GRPC_MESSAGE, PercentEncoding.encode(status.description()));
        }
        metadata(metadata, trailers::add);
        return trailers;
    }

    private static ResponseHeaders begin() {
        ResponseHeaders response = new ResponseHeaders();
        response.add(GrpcHeaders.STATUS, GrpcHeaders.STATUS_200);
        response.add(GrpcHeaders.CONTENT_TYPE, ContentType.GRPC);
        return response;
    }

    private static void metadata(Metadata metadata, BiConsumer<CharSequence, CharSequence> block) {
        metadata.forEach(new Metadata.Visitor() {
            @Override
            public void text(String name, String value) {
                if (!GrpcHeaders.isReserved(name)) {
                    block.accept(name, value);
                }
            }

            @Override
            public void binary(String name, byte[] value) {
                block.accept(name, BinaryValues.encode(value));
            }
        });
    }
}
