// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.Payloads;
import dev.peregrine.grpc.interop.proto.Empty;
import dev.peregrine.grpc.interop.proto.ResponseParameters;
import dev.peregrine.grpc.interop.proto.SimpleRequest;
import dev.peregrine.grpc.interop.proto.SimpleResponse;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import dev.peregrine.grpc.interop.server.InteropServer;
import dev.peregrine.grpc.server.Server;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Two programs that speak HTTP/2 by the book and know nothing of gRPC, nghttp and h2load, against our server. */
@ParameterizedClass(name = "{0} server")
@EnumSource(Face.class)
@Timeout(180)
class Http2ToolsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** Each received DATA frame in the log of nghttp. */
    private static final Pattern DATA =
            Pattern.compile("recv DATA frame <length=(\\d+), flags=0x\\d+, stream_id=\\d+>");

    private static final long PREFIX = 5;
    private static final int LARGE = 314_159;

    private final Face face;
    private Server server;

    @TempDir
    private Path directory;

    Http2ToolsIT(Face face) {
        this.face = face;
    }

    @BeforeEach
    void start() throws IOException {
        server = InteropServer.start(0, face);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aCallGetsHeadersAMessageAndTrailers() throws Exception {
        String log = nghttp(Empty.getDefaultInstance(), "EmptyCall");

        assertThat(log)
                .containsSubsequence(
                        ":status: 200",
                        "content-type: application/grpc",
                        "recv DATA frame <length=5",
                        "grpc-status: 0",
                        "END_STREAM | END_HEADERS");
    }

    @Test
    void framesWithPaddingAreUnderstood() throws Exception {
        assertThat(nghttp(Empty.getDefaultInstance(), "EmptyCall", "--padding=255"))
                .contains("grpc-status: 0");
    }

    /** The tool's own option makes 18 KB of headers, more than a frame holds. */
    @Test
    void headersBeyondTheLimitAreRefusedAlthoughTheyComeInSeveralFrames() throws Exception {
        assertThat(nghttp(Empty.getDefaultInstance(), "EmptyCall", "--continuation"))
                .containsPattern("send HEADERS frame <length=1[89]\\d\\d\\d")
                .contains(":status: 431")
                .contains("grpc-status: 8");
    }

    @Test
    void aCallerWithoutADynamicTableIsAnswered() throws Exception {
        assertThat(nghttp(Empty.getDefaultInstance(), "EmptyCall", "--header-table-size=0", "--multiply=3"))
                .contains("grpc-status: 0");
    }

    @Test
    void aCallerWithSmallWindowsGetsALargeResponse() throws Exception {
        String log = nghttp(
                SimpleRequest.newBuilder().setResponseSize(LARGE).build(),
                "UnaryCall",
                "--window-bits=10",
                "--connection-window-bits=10");

        assertThat(log).contains("grpc-status: 0");
        assertThat(received(log)).isEqualTo(largeResponseSize());
    }

    @Test
    void severalCallsOnOneConnectionAreAnswered() throws Exception {
        String log = nghttp(
                SimpleRequest.newBuilder()
                        .setResponseSize(LARGE)
                        .setPayload(Payloads.zeros(271_828))
                        .build(),
                "UnaryCall",
                "--multiply=20");

        assertThat(log.lines().filter(line -> line.contains("grpc-status: 0"))).hasSize(20);
        assertThat(received(log)).isEqualTo(20 * largeResponseSize());
    }

    @Test
    void aGetIsNoCall() throws Exception {
        String log = run("nghttp", List.of("-v", "-t", "20", url("EmptyCall"), "-Hcontent-type: application/grpc"));

        assertThat(log).contains(":status: 405").contains("allow: POST");
    }

    @Test
    void anUpgradeFromHttp1IsRefusedInHttp1() throws Exception {
        try (ForeignProcess nghttp = ForeignTools.start("nghttp", "-v", "-u", "-t", "20", url("EmptyCall"))) {
            assertThat(nghttp.expectSuccess(PATIENCE)).contains("HTTP/1.1 505");
        }
    }

    @Test
    void twentyThousandCallsAreAllAnswered() throws Exception {
        int calls = 20_000;
        String log = h2load(Empty.getDefaultInstance(), "EmptyCall", "-n" + calls, "-c4", "-m100");

        assertAllAnswered(log, calls, calls * PREFIX);
    }

    @Test
    void largeCallsThroughSmallWindowsAreAllAnswered() throws Exception {
        int calls = 400;
        SimpleRequest request = SimpleRequest.newBuilder()
                .setResponseSize(LARGE)
                .setPayload(Payloads.zeros(271_828))
                .build();
        String log = h2load(request, "UnaryCall", "-n" + calls, "-c4", "-m20", "-w16", "-W16");

        assertAllAnswered(log, calls, calls * largeResponseSize());
    }

    @Test
    void streamsOfResponsesAreAllSentWhole() throws Exception {
        int calls = 2000;
        int responses = 20;
        StreamingOutputCallRequest request = StreamingOutputCallRequest.newBuilder()
                .addAllResponseParameters(Collections.nCopies(
                        responses, ResponseParameters.newBuilder().setSize(1000).build()))
                .build();
        String log = h2load(request, "StreamingOutputCall", "-n" + calls, "-c4", "-m50");

        long each = PREFIX
                + StreamingOutputCallResponse.newBuilder()
                        .setPayload(Payloads.zeros(1000))
                        .build()
                        .getSerializedSize();
        assertAllAnswered(log, calls, calls * responses * each);
    }

    private static void assertAllAnswered(String log, int calls, long bytes) {
        assertThat(log)
                .contains("requests: %d total, %d started, %d done, %d succeeded, 0 failed, 0 errored, 0 timeout"
                        .formatted(calls, calls, calls, calls))
                .contains("status codes: " + calls + " 2xx")
                .contains("(" + bytes + ") data");
    }

    private static long largeResponseSize() {
        return PREFIX
                + SimpleResponse.newBuilder()
                        .setPayload(Payloads.zeros(LARGE))
                        .build()
                        .getSerializedSize();
    }

    private static long received(String log) {
        long bytes = 0;
        for (Matcher frame = DATA.matcher(log); frame.find(); ) {
            bytes += Long.parseLong(frame.group(1));
        }
        return bytes;
    }

    private String nghttp(Message request, String method, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-v", "-n", "-t", "60", "-H:method: POST"));
        arguments.addAll(List.of(options));
        return run("nghttp", call(arguments, request, method));
    }

    private String h2load(Message request, String method, String... options) throws Exception {
        return run("h2load", call(new ArrayList<>(List.of(options)), request, method));
    }

    private List<String> call(List<String> arguments, Message request, String method) throws IOException {
        Path file = directory.resolve("request");
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeByte(0);
            out.writeInt(request.getSerializedSize());
            request.writeTo(out);
        }
        Collections.addAll(arguments, "-Hcontent-type: application/grpc", "-Hte: trailers", "-d" + file, url(method));
        return arguments;
    }

    private String url(String method) {
        return "http://127.0.0.1:" + server.port() + "/grpc.testing.TestService/" + method;
    }

    private static String run(String tool, List<String> arguments) throws Exception {
        try (ForeignProcess process = ForeignTools.start(tool, arguments.toArray(String[]::new))) {
            return process.expectSuccess(PATIENCE);
        }
    }
}
