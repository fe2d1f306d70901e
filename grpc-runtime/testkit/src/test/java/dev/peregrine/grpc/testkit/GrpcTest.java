// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** gRPC on top of frames. */
class GrpcTest {

    @RegisterExtension
    final Peers peers = new Peers();

    @Test
    void aUnaryCallIsCollectedOnBothSides() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client()
                .send(GrpcFrames.request(1, "/greet.Greeter/SayHello"), GrpcFrames.lastData(1, (byte) 8, (byte) 1));

        GrpcRequest request = GrpcRequest.collect(pair.server());
        assertThat(request.streamId()).isEqualTo(1);
        assertThat(request.path()).isEqualTo("/greet.Greeter/SayHello");
        assertThat(request.onlyMessage()).isEqualTo(Octets.hex("08 01"));

        pair.server().send(GrpcFrames.response(1), GrpcFrames.data(1, (byte) 9), GrpcFrames.end(1, 0));

        GrpcResponse response = GrpcResponse.collect(pair.client(), 1);
        assertThat(response.headers()).isEqualTo(GrpcFrames.responseHeaders());
        assertThat(response.onlyMessage()).isEqualTo(Octets.hex("09"));
        assertThat(response.status()).isZero();
        assertThat(response.statusMessage()).isEmpty();
        assertThat(response.isTrailersOnly()).isFalse();
    }

    @Test
    void aTrailersOnlyResponseHasNoHeaders() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(GrpcFrames.request(1, "/test"));
        pair.server().send(GrpcFrames.trailersOnly(1, 5, "50% of \u2620 is gone"));

        GrpcResponse response = GrpcResponse.collect(pair.client(), 1);
        assertThat(response.isTrailersOnly()).isTrue();
        assertThat(response.status()).isEqualTo(5);
        assertThat(response.statusMessage()).contains("50% of \u2620 is gone");
        assertThat(Header.first(response.trailers(), "grpc-message")).contains("50%25 of %E2%98%A0 is gone");
    }

    @Test
    void messagesDoNotCareAboutFrames() {
        Octets data = GrpcFrames.message((byte) 1, (byte) 2)
                .plus(GrpcFrames.message())
                .plus(new GrpcMessage(true, Octets.hex("03")).prefixed());
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(GrpcFrames.request(1, "/test"));
        for (int i = 0; i < data.length(); i++) {
            pair.client().send(new Frame.Data(1, data.slice(i, i + 1), i == data.length() - 1));
        }

        assertThat(GrpcRequest.collect(pair.server()).messages())
                .containsExactly(
                        new GrpcMessage(false, Octets.hex("01 02")),
                        new GrpcMessage(false, Octets.EMPTY),
                        new GrpcMessage(true, Octets.hex("03")));
    }

    @Test
    void halfAMessageFailsWithTheConversation() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(GrpcFrames.request(1, "/test"), new Frame.Data(1, Octets.hex("00 00 00 00 02 01"), true));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> GrpcRequest.collect(pair.server()))
                .withMessageStartingWith(
                        "stream 1 does not carry gRPC messages: the message that starts at octet 0 is not"
                                + " complete in 6 octets: 00 00 00 00 02 01\n")
                .withMessageContaining("<- DATA(1, 6 octets: 00 00 00 00 02 01, END_STREAM)");
    }

    @Test
    void aResponseThatIsResetFailsWithTheConversation() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(GrpcFrames.request(1, "/test"));
        pair.server().send(GrpcFrames.response(1), new Frame.RstStream(1, ErrorCode.INTERNAL_ERROR));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> GrpcResponse.collect(pair.client(), 1))
                .withMessageStartingWith(
                        "expected stream 1 to end with trailers, but found RST_STREAM(1, INTERNAL_ERROR)\n");
    }

    @Test
    void aPrefixThatLiesIsRefused() {
        for (String lie : List.of("00", "00 00 00 00 01", "00 ff ff ff ff 00", "02 00 00 00 00")) {
            assertThatIllegalArgumentException().isThrownBy(() -> GrpcMessage.parse(Octets.hex(lie)));
        }
        assertThat(GrpcMessage.parse(Octets.EMPTY)).isEmpty();
    }

    @Test
    void aStatusMessageThatIsNotEncodedRightIsReadAsItIs() {
        assertThat(PercentEncoding.decode("%zz%4%e2%98%a0 100%")).isEqualTo("%zz%4\u2620 100%");
    }
}
