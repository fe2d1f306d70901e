// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The script in README.md, and that it is the one there. */
class ReadmeTest {

    @RegisterExtension
    final Peers peers = new Peers();

    @Test
    void theScriptOfTheReadmeRuns() {
        Pair pair = Pair.afterHandshake(peers);
        ScriptedPeer peer = pair.server();
        pair.client().send(GrpcFrames.request(1, "/greet.Greeter/SayHello"), GrpcFrames.lastData(1, (byte) 8));

        // tag::script[]
        // Peer hears a request, answers with one message and resets the stream.
        GrpcRequest request = GrpcRequest.collect(peer);
        peer.send(GrpcFrames.response(request.streamId()), GrpcFrames.data(request.streamId(), new byte[10]));
        peer.send(new Frame.RstStream(request.streamId(), ErrorCode.ENHANCE_YOUR_CALM));

        // We have nothing to add: no RST_STREAM of our own, no second attempt.
        assertThat(peer.pingBarrier()).isEmpty();
        // end::script[]
    }

    @Test
    void theReadmeQuotesThisScript() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/peregrine/grpc/testkit/ReadmeTest.java"));
        String script = source.substring(
                source.indexOf("// tag::script[]\n") + "// tag::script[]\n".length(),
                source.indexOf("// end::script[]"));

        assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + script.stripIndent() + "```");
    }
}
