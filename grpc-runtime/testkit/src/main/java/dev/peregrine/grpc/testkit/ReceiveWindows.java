// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.HashMap;
import java.util.Map;

/** How much DATA the other side may still send; RFC 9113, section 6.9. */
final class ReceiveWindows {

    /** The connection's window; no setting changes where it starts, section 6.9.2. */
    private long connection = 65_535;

    /** Per stream: credit given by WINDOW_UPDATE less octets received. The initial window comes on top. */
    private final Map<Integer, Long> balances = new HashMap<>();

    private final AnnouncedSettings announced;

    ReceiveWindows(AnnouncedSettings announced) {
        this.announced = announced;
    }

    void grant(Frame.WindowUpdate update) {
        if (update.streamId() == 0) {
            connection += update.increment();
        } else {
            balances.merge(update.streamId(), (long) update.increment(), Long::sum);
        }
    }

    void take(Frame.Data data) throws ProtocolBreach {
        int length = data.flowControlledLength();
        if (length == 0) {
            return;
        }
        long stream = announced.initialWindow() + balances.getOrDefault(data.streamId(), 0L);
        if (length > connection || length > stream) {
            throw new ProtocolBreach(
                    "6.9.1",
                    data + " takes " + length + " octets, more than the windows have: connection " + connection
                            + ", stream " + stream);
        }
        connection -= length;
        balances.merge(data.streamId(), (long) -length, Long::sum);
    }
}
