// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Passes one connection on to a server, and counts the records of TLS that come back (RFC 8446 §5.1). */
final class TlsWiretap implements AutoCloseable {

    private static final int HEADER = 5;

    private final ServerSocket listener;
    private final int server;

    /** The lengths of the server's records, in turn. */
    final BlockingQueue<Integer> records = new LinkedBlockingQueue<>();

    private Socket here;
    private Socket there;

    TlsWiretap(int server) throws IOException {
        this.server = server;
        this.listener = new ServerSocket(0, 1, loopback());
        start("wiretap-accept", this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() throws IOException {
        here = listener.accept();
        there = new Socket(loopback(), server);
        here.setTcpNoDelay(true);
        there.setTcpNoDelay(true);
        start("wiretap-out", () -> here.getInputStream().transferTo(there.getOutputStream()));
        start("wiretap-back", this::passBack);
    }

    private void passBack() throws IOException {
        DataInputStream in = new DataInputStream(there.getInputStream());
        OutputStream out = here.getOutputStream();
        byte[] header = new byte[HEADER];
        for (; ; ) {
            in.readFully(header);
            byte[] body = in.readNBytes((header[3] & 0xff) << 8 | (header[4] & 0xff));
            records.add(body.length); // Before it is passed on: who has the answer may count.
            out.write(header);
            out.write(body);
        }
    }

    private static void start(String name, Passing passing) {
        Thread thread = new Thread(
                () -> {
                    try {
                        passing.run();
                    } catch (IOException closed) { // The end of the conversation.
                        return;
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        if (here != null) {
            here.close();
        }
        if (there != null) {
            there.close();
        }
    }

    private interface Passing {
        void run() throws IOException;
    }
}
