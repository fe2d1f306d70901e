// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Messages that are plain text, for tests of everything but Protocol Buffers. */
public final class Texts implements Marshaller<String> {

    public static final String SERVICE = "test.Texts";

    public static final MethodDescriptor<String, String> UNARY = method("Unary", MethodKind.UNARY);
    public static final MethodDescriptor<String, String> UPLOAD = method("Upload", MethodKind.CLIENT_STREAMING);
    public static final MethodDescriptor<String, String> WATCH = method("Watch", MethodKind.SERVER_STREAMING);
    public static final MethodDescriptor<String, String> CHAT = method("Chat", MethodKind.BIDI_STREAMING);

    /** Text that cannot be decoded. */
    public static final String BROKEN = "broken";

    private static MethodDescriptor<String, String> method(String name, MethodKind kind) {
        return MethodDescriptor.of(SERVICE, name, kind, new Texts(), new Texts());
    }

    @Override
    public int size(String message) {
        return message.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public void write(String message, ByteBuffer out) {
        out.put(message.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String read(ByteBuffer in) {
        String text = StandardCharsets.UTF_8.decode(in).toString();
        if (text.equals(BROKEN)) {
            throw new IllegalArgumentException("not a valid text");
        }
        return text;
    }
}
