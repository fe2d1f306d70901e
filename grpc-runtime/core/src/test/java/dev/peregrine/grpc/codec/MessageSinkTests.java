// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No encoding writes more than it may. */
class MessageSinkTests {

    private final MessageSink sink = new MessageSink(2_000, 10);

    @AfterEach
    void release() {
        sink.bytes().release();
    }

    @Test
    void thereIsAlwaysRoomForOneByteUntilItIsOneTooMany() {
        for (int i = 0; i < 2_000; i++) {
            sink.room().put((byte) i);
            sink.written(1);
        }
        assertThat(sink.room().remaining()).isPositive();
        assertThatThrownBy(() -> sink.written(1)).isSameAs(SinkFullException.INSTANCE);
    }

    @Test
    void theRoomIsNeverMuchMoreThanTheLimit() {
        sink.written(512);
        assertThat(sink.room().remaining()).isLessThanOrEqualTo(2_001);
    }

    @Test
    void nobodyWritesBeyondTheRoom() {
        int room = sink.room().remaining();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> sink.written(room + 1))
                .withMessage("written: " + (room + 1) + " bytes (expected: 0 to " + room + ", the room there was)");
        assertThatIllegalArgumentException().isThrownBy(() -> sink.written(-1));
    }

    @Test
    void arraysAndStreamsEndAtTheLimitToo() throws IOException {
        sink.stream().write("text".getBytes(StandardCharsets.UTF_8));
        sink.stream().write('!');
        assertThat(sink.bytes().toString(StandardCharsets.UTF_8)).isEqualTo("text!");

        sink.write(new byte[1_995], 0, 1_995);
        assertThatThrownBy(() -> sink.stream().write(0)).isSameAs(SinkFullException.INSTANCE);
        assertThat(sink.bytes().readableBytes()).isEqualTo(2_000);
    }
}
