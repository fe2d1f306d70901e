// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.wire.RequestHeaders;
import dev.peregrine.grpc.wire.ResponseHeaders;
import io.netty.handler.codec.EmptyHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where Netty's HPACK decoder puts the fields of a block: straight into what the gRPC grammar makes of them. Only
 * {@link #add} is ever called; the rest of Netty's interface says "empty".
 */
final class HeaderSink extends EmptyHeaders<CharSequence, CharSequence, Http2Headers> implements Http2Headers {

    private final @Nullable RequestHeaders request;
    private final @Nullable ResponseHeaders response;

    private HeaderSink(@Nullable RequestHeaders request, @Nullable ResponseHeaders response) {
        this.request = request;
        this.response = response;
    }

    static HeaderSink forRequest() {
        return new HeaderSink(new RequestHeaders(), null);
    }

    static HeaderSink forResponse() {
        return new HeaderSink(null, new ResponseHeaders());
    }

    RequestHeaders request() {
        return java.util.Objects.requireNonNull(request);
    }

    ResponseHeaders response() {
        return java.util.Objects.requireNonNull(response);
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        if (request != null) {
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
