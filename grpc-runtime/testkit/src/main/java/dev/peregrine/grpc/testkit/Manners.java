// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a polite endpoint answers by itself: SETTINGS and PING with their ACKs, DATA with the credit it used up. Each can
 * be switched off. Reacts on the reading thread, before the script can see the frame, so that an answer always stands
 * in front of whatever the script says next.
 */
final class Manners {

    private final Line line;
    private final Set<Integer> resetByUs = ConcurrentHashMap.newKeySet();
    private volatile boolean acknowledgesSettings = true;
    private volatile boolean acknowledgesPings = true;
    private volatile boolean givesCredit = true;

    Manners(Line line) {
        this.line = line;
    }

    void forgetSettingsAck() {
        acknowledgesSettings = false;
    }

    void forgetPingAck() {
        acknowledgesPings = false;
    }

    void forgetCredit() {
        givesCredit = false;
    }

    void sending(Frame frame) {
        if (frame instanceof Frame.RstStream) {
            resetByUs.add(frame.streamId());
        }
    }

    void received(Frame frame) {
        if (frame instanceof Frame.Settings settings && !settings.ack() && acknowledgesSettings) {
            line.acknowledge(settings);
        } else if (frame instanceof Frame.Ping ping && !ping.ack() && acknowledgesPings) {
            line.write(new Frame.Ping(true, ping.payload()));
        } else if (frame instanceof Frame.Data data && givesCredit && data.flowControlledLength() > 0) {
            credit(data);
        }
    }

    private void credit(Frame.Data data) {
        int octets = data.flowControlledLength();
        line.write(new Frame.WindowUpdate(0, octets));
        if (!data.endStream() && !resetByUs.contains(data.streamId())) {
            line.write(new Frame.WindowUpdate(data.streamId(), octets));
        }
    }
}
