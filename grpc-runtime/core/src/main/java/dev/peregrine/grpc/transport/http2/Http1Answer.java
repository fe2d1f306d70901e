// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import java.nio.charset.StandardCharsets;

/** What a client of HTTP/1 gets that has come to the wrong port (RFC 9112 §4): it cannot read anything else. */
final class Http1Answer {

    private Http1Answer() {}

    /**
     * The whole of it, behind which the connection closes.
     *
     * @param status code and reason phrase
     * @param text ASCII, in one line
     */
    static byte[] of(String status, String text) {
        String answer = "HTTP/1.1 " + status + "\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n"
                + "content-length: " + (text.length() + 1) + "\r\n\r\n" + text + "\n";
        return answer.getBytes(StandardCharsets.US_ASCII);
    }
}
