// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.function.Consumer;

/**
 * What the other side may do, given what both have said so far. The script may break the law, the other side may not:
 * a breach ends the reading and fails the script.
 *
 * <p>{@link #sending} is asked before the octets leave, {@link #received} before anybody acts on a frame; both threads
 * of the connection come here, hence the lock.
 */
final class Law {

    private final AnnouncedSettings announced = new AnnouncedSettings();
    private final ReceiveWindows windows = new ReceiveWindows(announced);
    private final RemoteStreams streams;
    private final Consumer<Frame.Settings> onAcknowledged;

    private boolean settingsReceived;
    private long lowestGoAway = Long.MAX_VALUE;

    /** After raw octets (unknown types aside) nobody knows any more what the other side has been told; only its own words are judged then. */
    private boolean rawOctetsSent;

    /** @param onAcknowledged hears our SETTINGS when the other side has acknowledged them, on the reading thread */
    Law(Role role, Consumer<Frame.Settings> onAcknowledged) {
        this.streams = new RemoteStreams(role.other());
        this.onAcknowledged = onAcknowledged;
    }

    synchronized void sending(Frame frame) {
        if (frame instanceof Frame.Settings settings && !settings.ack()) {
            announced.announce(settings);
        } else if (frame instanceof Frame.WindowUpdate update) {
            windows.grant(update);
        } else if (frame instanceof Frame.Headers headers) {
            streams.openedByUs(headers.streamId());
        } else if (frame instanceof Frame.Raw raw && raw.type() <= FrameType.CONTINUATION) {
            rawOctetsSent = true;
        }
    }

    synchronized void sendingRawOctets() {
        rawOctetsSent = true;
    }

    synchronized void received(Frame frame) throws ProtocolBreach {
        if (!settingsReceived && !(frame instanceof Frame.Settings settings && !settings.ack())) {
            throw new ProtocolBreach("3.4", frame + " came before the SETTINGS that open a connection");
        }
        settingsReceived = true;
        streams.received(frame, rawOctetsSent);
        if (frame instanceof Frame.Headers headers) {
            FieldLaw.check(headers);
        } else if (frame instanceof Frame.Data data && !rawOctetsSent) {
            windows.take(data);
        } else if (frame instanceof Frame.Settings settings && settings.ack()) {
            acknowledged();
        } else if (frame instanceof Frame.GoAway goAway) {
            if (goAway.lastStreamId() > lowestGoAway) {
                throw new ProtocolBreach("6.8", goAway + " raises the last stream again, it was " + lowestGoAway);
            }
            lowestGoAway = goAway.lastStreamId();
        }
    }

    private void acknowledged() throws ProtocolBreach {
        Frame.Settings settings = announced.acknowledged();
        if (settings != null) {
            onAcknowledged.accept(settings);
        } else if (!rawOctetsSent) {
            throw new ProtocolBreach("6.5.3", Frame.Settings.ACK + " acknowledges SETTINGS that were never sent");
        }
    }
}
