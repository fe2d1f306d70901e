// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a frame is written in a transcript: {@code NAME(stream, detail, detail)}. */
final class FrameText {

    private FrameText() {}

    /** Empty details are left out. */
    static String of(String name, int streamId, Object... details) {
        return Stream.of(details)
                .map(FrameText::detail)
                .filter(text -> !text.isEmpty())
                .map(text -> ", " + text)
                .collect(Collectors.joining("", name + "(" + Integer.toUnsignedString(streamId), ")"));
    }

    /** The name of a frame type as transcripts have it: {@code RST_STREAM}. */
    static String name(Class<? extends Frame> type) {
        return type == Frame.GoAway.class
                ? "GOAWAY"
                : type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }

    static String endStream(boolean endStream) {
        return endStream ? "END_STREAM" : "";
    }

    static String padding(int padding) {
        return padding == 0 ? "" : "padding " + padding;
    }

    private static String detail(Object detail) {
        return detail instanceof List<?> headers
                ? headers.stream().map(Object::toString).collect(Collectors.joining(", ", "{", "}"))
                : detail.toString();
    }
}
