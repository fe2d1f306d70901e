// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Events of two threads, one at a time. */
class SerialListenerTest {

    private final List<String> heard = new ArrayList<>();
    private @Nullable Runnable during;

    private final SerialListener<String> listener = new SerialListener<>(new ClientCall.Listener<>() {
        @Override
        public void onMessage(String response) {
            heard.add("[" + response);
            Runnable now = during;
            during = null;
            if (now != null) {
                now.run();
            }
            heard.add(response + "]");
        }

        @Override
        public void onReady() {
            heard.add("ready");
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            heard.add(status.toString());
        }
    });

    @Test
    void whatComesWhileAnotherIsHeardIsHeardBehindIt() {
        during = () -> {
            listener.onReady();
            listener.onMessage("b");
        };
        listener.onMessage("a");
        assertThat(heard).containsExactly("[a", "a]", "ready", "[b", "b]");
    }

    @Test
    void theEndIsHeardAlthoughTheEventBeforeItHasFailed() {
        during = () -> {
            listener.onClose(Status.OK, Metadata.EMPTY);
            throw new IllegalStateException("failed");
        };
        assertThatIllegalStateException().isThrownBy(() -> listener.onMessage("a"));
        assertThat(heard).containsExactly("[a", "OK");
    }

    @Test
    void soItIsBehindAnAssertionThatFailed() {
        AssertionError failed = new AssertionError("failed");
        during = () -> {
            listener.onReady();
            listener.onClose(Status.OK, Metadata.EMPTY);
            throw failed;
        };
        assertThatThrownBy(() -> listener.onMessage("a")).isSameAs(failed);
        assertThat(heard).containsExactly("[a", "ready", "OK");
    }

    @Test
    void nothingIsReadyBehindTheEnd() {
        listener.onClose(Status.OK, Metadata.EMPTY);
        listener.onReady();
        assertThat(heard).containsExactly("OK");
    }
}
