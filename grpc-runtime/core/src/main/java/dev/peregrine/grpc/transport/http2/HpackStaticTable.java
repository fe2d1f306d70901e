// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

/** The fields that both ends of HPACK know from the start (RFC 7541, appendix A). */
final class HpackStaticTable {

    /** The number of entries; the first of the dynamic table has the index after it. */
    static final int LENGTH = 61;

    /** Name, value, name, value, ...; the first field has index 1. */
    private static final String[] FIELDS = {
        ":authority", "",
        ":method", "GET",
        ":method", "POST",
        ":path", "/",
        ":path", "/index.html",
        ":scheme", "http",
        ":scheme", "https",
        ":status", "200",
        ":status", "204",
        ":status", "206",
        ":status", "304",
        ":status", "400",
        ":status", "404",
        ":status", "500",
        "accept-charset", "",
        "accept-encoding", "gzip, deflate",
        "accept-language", "",
        "accept-ranges", "",
        "accept", "",
        "access-control-allow-origin", "",
        "age", "",
        "allow", "",
        "authorization", "",
        "cache-control", "",
        "content-disposition", "",
        "content-encoding", "",
        "content-language", "",
        "content-length", "",
        "content-location", "",
        "content-range", "",
        "content-type", "",
        "cookie", "",
        "date", "",
        "etag", "",
        "expect", "",
        "expires", "",
        "from", "",
        "host", "",
        "if-match", "",
        "if-modified-since", "",
        "if-none-match", "",
        "if-range", "",
        "if-unmodified-since", "",
        "last-modified", "",
        "link", "",
        "location", "",
        "max-forwards", "",
        "proxy-authenticate", "",
        "proxy-authorization", "",
        "range", "",
        "referer", "",
        "refresh", "",
        "retry-after", "",
        "server", "",
        "set-cookie", "",
        "strict-transport-security", "",
        "transfer-encoding", "",
        "user-agent", "",
        "vary", "",
        "via", "",
        "www-authenticate", ""
    };

    private static final FieldIndex INDEX = index();

    private HpackStaticTable() {}

    /** The index of this field, or {@link FieldIndex#UNKNOWN}. */
    static int find(CharSequence name, CharSequence value) {
        return INDEX.find(name, value);
    }

    /** The lowest index with this name, or {@link FieldIndex#UNKNOWN}. */
    static int findName(CharSequence name) {
        return INDEX.findName(name);
    }

    private static FieldIndex index() {
        FieldIndex index = new FieldIndex();
        for (int i = 0; i < FIELDS.length; i += 2) {
            index.put(FIELDS[i], FIELDS[i + 1], i / 2 + 1);
            index.putName(FIELDS[i], i / 2 + 1);
        }
        return index;
    }
}
