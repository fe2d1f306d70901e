// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.FuzzWitness.require;

import dev.peregrine.grpc.transport.Limits;

/** Adds up the windows of both ends (RFC 9113 §6.9): nobody sends more than it may, or gives more back than was used. */
final class WindowWitness {

    private final Limits limits;

    private long initial = SendWindow.INITIAL;
    private long grantedToUs = SendWindow.INITIAL;
    private long sent;
    private long peerData;
    private long grantedToPeer;
    private int settingsOfUs;
    private long ofStreams;
    private long ofConnection;

    WindowWitness(Limits limits) {
        this.limits = limits;
        this.ofConnection = ConnectionWindows.ofConnection(limits);
    }

    /** What is left of the window that the peer gave us for the connection. */
    long left() {
        return grantedToUs - sent;
    }

    /** What is left of the window that we gave the peer for the connection, as far as it knows. */
    long leftForPeer() {
        return SendWindow.INITIAL + grantedToPeer - peerData;
    }

    /** The connection's window as we have told it. */
    long ofConnection() {
        return ofConnection;
    }

    /** How often we widened the window of streams. */
    int widenings() {
        return Math.max(0, settingsOfUs - 1);
    }

    boolean mayGrow() {
        return ofStreams < limits.maxWindow();
    }

    // ---- what the peer says ----

    void peerSends(FuzzWitness.Line line, int bytes) {
        line.peerData += bytes;
        peerData += bytes;
    }

    void peerGrants(int increment) {
        grantedToUs += increment;
    }

    /** Of all streams, also of those that are open (§6.9.2). */
    void peerSets(long initialWindow) {
        initial = initialWindow;
    }

    // ---- what we say ----

    void weSend(int id, FuzzWitness.Line line, int length) {
        line.sent += length;
        sent += length;
        require(
                length == 0 || line.sent <= initial + line.peerGrant,
                "more DATA than the stream's window: " + line.sent,
                id);
        require(length == 0 || sent <= grantedToUs, "more DATA than the connection's window: " + sent, id);
    }

    void weSet(long window) {
        settingsOfUs++;
        boolean first = settingsOfUs == 1;
        require(!first || window == ConnectionWindows.ofStreams(limits), "the first window is " + window, 0);
        require(first || window > ofStreams, "the window does not grow: " + window, 0);
        require(first || window <= limits.maxWindow(), "the window grows to " + window, 0);
        ofStreams = window;
        ofConnection = Math.max(ofConnection, first ? 0 : window);
    }

    void weGrant(int increment) {
        grantedToPeer += increment;
        long bump = Math.max(0, ofConnection - SendWindow.INITIAL);
        require(
                grantedToPeer <= bump + peerData,
                "more of the connection's window given back than was used: " + grantedToPeer,
                0);
    }

    void weGrant(int id, FuzzWitness.Line line, int increment) {
        line.granted += increment;
        require(line.granted <= line.peerData, "more of a window given back than was used", id);
    }
}
