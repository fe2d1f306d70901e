// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a peer answers by itself, and that it can be told not to. */
class MannersTest {

    @RegisterExtension
    final Peers peers = new Peers();

    @Test
    void settingsAreAcknowledged() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(new Frame.Settings().with(Setting.ENABLE_PUSH, 0));
        pair.server().expect(Frame.Settings.class);

        pair.client().expectSettingsAck();
    }

    @Test
    void settingsStayUnacknowledgedOnDemand() {
        Pair pair = Pair.afterHandshake(peers);
        pair.server().withoutSettingsAck();
        pair.client().send(new Frame.Settings().with(Setting.ENABLE_PUSH, 0));
        pair.server().expect(Frame.Settings.class);

        assertThat(pair.client().pingBarrier(Frame.Settings.class)).isEmpty();
    }

    @Test
    void aPingComesBackWithItsPayload() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(new Frame.Ping(false, 42));

        assertThat(pair.client().expect(Frame.Ping.class)).isEqualTo(new Frame.Ping(true, 42));
    }

    @Test
    void aPingStaysUnansweredOnDemand() {
        Pair pair = Pair.afterHandshake(peers);
        pair.server().withoutPingAck();
        pair.client().send(new Frame.Ping(false, 42));
        pair.server().expect(Frame.Ping.class);
        pair.server().send(new Frame.Ping(true, 43));

        assertThat(pair.client().expect(Frame.Ping.class)).isEqualTo(new Frame.Ping(true, 43));
    }

    @Test
    void dataGetsItsCreditBackPaddingIncluded() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(GrpcFrames.request(1, "/test"), new Frame.Data(1, Octets.zeros(100), false, 7));

        assertThat(pair.client().expectWindowUpdate(0).increment()).isEqualTo(107);
        assertThat(pair.client().expectWindowUpdate(1).increment()).isEqualTo(107);
    }

    @Test
    void anEndedStreamGetsNoCredit() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(GrpcFrames.request(1, "/test"), new Frame.Data(1, Octets.zeros(100), true));

        assertThat(pair.client().pingBarrier(Frame.WindowUpdate.class)).containsExactly(new Frame.WindowUpdate(0, 100));
    }

    @Test
    void aStreamThatTheScriptHasResetGetsNoCredit() {
        Pair pair = Pair.afterHandshake(peers);
        pair.client().send(GrpcFrames.request(1, "/test"));
        pair.server().expectHeaders(1);
        pair.server().send(new Frame.RstStream(1, ErrorCode.CANCEL));
        pair.client().send(new Frame.Data(1, Octets.zeros(100), false));

        assertThat(pair.client().pingBarrier(Frame.WindowUpdate.class)).containsExactly(new Frame.WindowUpdate(0, 100));
    }

    @Test
    void creditIsKeptOnDemand() {
        Pair pair = Pair.afterHandshake(peers);
        pair.server().withoutWindowUpdates();
        pair.client().send(GrpcFrames.request(1, "/test"), new Frame.Data(1, Octets.zeros(100), false));

        assertThat(pair.client().pingBarrier(Frame.WindowUpdate.class)).isEmpty();
    }

    @Test
    void nothingIsReadOrAnsweredBeforeTheHandshake() {
        Pair pair = Pair.silent(peers);
        pair.client().sendPreface().send(new Frame.Settings(), new Frame.Ping(false, 1));
        pair.server().send(new Frame.Settings());
        pair.client().expect(Frame.Settings.class);

        assertThat(pair.server().transcript()).isEqualTo("-> SETTINGS()");
        pair.server().expect(Frame.Ping.class);
        pair.client().expectSettingsAck();
    }
}
