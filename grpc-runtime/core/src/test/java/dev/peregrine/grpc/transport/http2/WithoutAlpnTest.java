// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.wire.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WithoutAlpnTest {

    private final EmbeddedChannel channel = new EmbeddedChannel(new WithoutAlpn());

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void say(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
    }

    private String heard() {
        ByteBuf heard = channel.readInbound();
        try {
            return heard.toString(StandardCharsets.US_ASCII);
        } finally {
            heard.release();
        }
    }

    @Test
    void aMethodOfHttp1ThatBeginsLikeThePrefaceIsNotTakenForIt() {
        say("P");
        assertThat((Object) channel.readInbound()).isNull();
        say("RO");

        assertThat(heard()).isEqualTo("PRO");
        say("PFIND");
        assertThat(heard()).isEqualTo("PFIND");
    }

    @Test
    void thePrefaceIsKnownHoweverItIsCut() {
        say("P");
        say("R");

        assertThatExceptionOfType(ConnectionError.class)
                .isThrownBy(() -> say("I"))
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.INADEQUATE_SECURITY));
    }
}
