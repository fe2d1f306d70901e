// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A deframer, what it has delivered, and the memory it uses: all of it is given back when the deframer is closed. */
final class Deframing implements AfterEachCallback {

    static final int LIMIT = 4 * 1024 * 1024;

    final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);
    final MessageDeframer deframer = new MessageDeframer(LIMIT);
    final List<String> delivered = new ArrayList<>();
    final MessageDeframer.Sink sink = (message, compressed) -> delivered.add(text(message, compressed));

    @Override
    public void afterEach(ExtensionContext test) {
        deframer.close();
        assertThat(memory()).isZero();
    }

    int receive(ByteBuf data, int demand) {
        return deframer.receive(data, demand, alloc, sink);
    }

    long memory() {
        return alloc.metric().usedHeapMemory() + alloc.metric().usedDirectMemory();
    }

    static ByteBuf messages(String... texts) {
        ByteBuf data = Unpooled.buffer();
        for (String text : texts) {
            MessagePrefix.write(data, false, text.length());
            data.writeCharSequence(text, StandardCharsets.US_ASCII);
        }
        return data;
    }

    static String text(ByteBuf message, boolean compressed) {
        return (compressed ? "compressed " : "") + message.toString(StandardCharsets.US_ASCII);
    }
}
