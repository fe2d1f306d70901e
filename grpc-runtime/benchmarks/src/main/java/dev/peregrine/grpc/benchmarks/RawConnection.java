// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A client's end of one HTTP/2 connection, as little of it as a server accepts: so it costs the caller a socket, and is the
 * same for every server. Not safe for threads.
 */
final class RawConnection implements AutoCloseable {

    private static final int MILLIS_TO_ANSWER = 30_000;

    // RFC 9113, 6: types of frames and their flags.
    private static final int DATA = 0x0;
    private static final int HEADERS = 0x1;
    private static final int RST_STREAM = 0x3;
    private static final int SETTINGS = 0x4;
    private static final int PING = 0x6;
    private static final int GOAWAY = 0x7;
    private static final int ACK = 0x1;
    private static final int END_HEADERS = 0x4;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EMPTY = {};

    private final Socket socket;
    private final DataInputStream in;
    private int nextStream = 1;

    private record Frame(int type, int flags, int stream, byte[] payload) {

        boolean isAck() {
            return (flags & ACK) != 0;
        }
    }

    private RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /**
     * Connects, and returns when both sides' settings are acknowledged.
     *
     * @param from the source address: a server counts the connections of each
     */
    static RawConnection open(InetAddress from, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(MILLIS_TO_ANSWER);
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MILLIS_TO_ANSWER);
            RawConnection connection = new RawConnection(socket);
            connection.settle();
            return connection;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    private void settle() throws IOException {
        socket.getOutputStream().write(PREFACE);
        write(SETTINGS, 0, 0, EMPTY);
        boolean heard = false;
        boolean acknowledged = false;
        while (!heard || !acknowledged) {
            Frame frame = read();
            acknowledged |= frame.type == SETTINGS && frame.isAck();
            heard |= frame.type == SETTINGS && !frame.isAck();
        }
        write(SETTINGS, ACK, 0, EMPTY);
    }

    /** Begins a call of {@code ChatEcho}, and returns when its first message came back; the call stays open. */
    void openStream(byte[] message) throws IOException {
        int stream = nextStream;
        nextStream += 2;
        write(HEADERS, END_HEADERS, stream, requestHeaders());
        ByteBuffer prefixed = ByteBuffer.allocate(5 + message.length);
        prefixed.put((byte) 0).putInt(message.length).put(message);
        write(DATA, 0, stream, prefixed.array());
        Frame frame = read();
        while (frame.type != DATA || frame.stream != stream) {
            frame = read();
        }
    }

    /** RFC 7541, 6.2.2: literals without indexing, so that neither side keeps anything. */
    private static byte[] requestHeaders() {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (String field : new String[] {
            ":method", "POST", ":scheme", "http", ":path", "/peregrine.benchmarks.Echo/ChatEcho",
            ":authority", "localhost", "te", "trailers", "content-type", "application/grpc"
        }) {
            if (field.startsWith(":") || field.equals("te") || field.equals("content-type")) {
                block.write(0);
            }
            block.write(field.length());
            block.writeBytes(field.getBytes(StandardCharsets.US_ASCII));
        }
        return block.toByteArray();
    }

    /** The next frame; pings are answered on the way. */
    private Frame read() throws IOException {
        int lengthAndType = in.readInt();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(lengthAndType >>> 8);
        Frame frame = new Frame(lengthAndType & 0xff, flags, stream, payload);
        if (frame.type == PING && !frame.isAck()) {
            write(PING, ACK, 0, payload);
        } else if (frame.type == GOAWAY || frame.type == RST_STREAM) {
            throw new IOException("the server sent a frame of type " + frame.type + " for stream " + stream + ": "
                    + new String(payload, StandardCharsets.ISO_8859_1));
        }
        return frame;
    }

    private void write(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload);
        socket.getOutputStream().write(frame.array());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
