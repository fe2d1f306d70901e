// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.wire.Excerpt;
import dev.peregrine.grpc.wire.RequestHeaders;
import dev.peregrine.grpc.wire.ResponseHeaders;
import io.netty.handler.codec.EmptyHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where Netty's HPACK decoder puts the fields of a block: straight into what the gRPC grammar makes of them. Only
 * {@link #add} is ever called; the rest of Netty's interface says "empty".
 */
final class HeaderSink extends EmptyHeaders<CharSequence, CharSequence, Http2Headers> implements Http2Headers {

    private final @Nullable RequestHeaders request;
    private final @Nullable ResponseHeaders response;
    private final KnownLegal legal;
    private @Nullable String illegalField;

    private HeaderSink(@Nullable RequestHeaders request, @Nullable ResponseHeaders response, KnownLegal legal) {
        this.request = request;
        this.response = response;
        this.legal = legal;
    }

    static HeaderSink forRequest(KnownLegal legal) {
        return new HeaderSink(new RequestHeaders(), null, legal);
    }

    static HeaderSink forResponse(KnownLegal legal) {
        return new HeaderSink(null, new ResponseHeaders(), legal);
    }

    RequestHeaders request() {
        return Objects.requireNonNull(request);
    }

    ResponseHeaders response() {
        return Objects.requireNonNull(response);
    }

    /** Why a field of this block makes its message malformed (RFC 9113 §8.2.1); null if none does. */
    @Nullable
    String illegalField() {
        return illegalField;
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        if (illegalField != null) {
            return this; // Nobody will look at the others.
        }
        if (!legal.isName(AsciiString.of(name))) {
            illegalField = "a field has the illegal name '" + Excerpt.of(name) + "'";
        } else if (!legal.isValue(AsciiString.of(value))) {
            illegalField = "the value of field '" + Excerpt.of(name) + "' has a NUL, a line feed or a carriage return";
        } else if (request != null) {
            request.add(name, value);
        } else {
            response().add(name, value);
        }
        return this;
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
        return Collections.emptyIterator();
    }

    @Override
    public Iterator<CharSequence> valueIterator(CharSequence name) {
        return Collections.emptyIterator();
    }

    @Override
    public boolean contains(CharSequence name, CharSequence value, boolean caseInsensitive) {
        return false;
    }

    @Override
    public Http2Headers method(CharSequence value) {
        return this;
    }

    @Override
    public Http2Headers scheme(CharSequence value) {
        return this;
    }

    @Override
    public Http2Headers authority(CharSequence value) {
        return this;
    }

    @Override
    public Http2Headers path(CharSequence value) {
        return this;
    }

    @Override
    public Http2Headers status(CharSequence value) {
        return this;
    }

    @Override
    public @Nullable CharSequence method() {
        return null;
    }

    @Override
    public @Nullable CharSequence scheme() {
        return null;
    }

    @Override
    public @Nullable CharSequence authority() {
        return null;
    }

    @Override
    public @Nullable CharSequence path() {
        return null;
    }

    @Override
    public @Nullable CharSequence status() {
        return null;
    }
}
