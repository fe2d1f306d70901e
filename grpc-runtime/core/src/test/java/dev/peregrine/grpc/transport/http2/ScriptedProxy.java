// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A proxy on 127.0.0.1 that answers every request as the script says, and after a 200 carries bytes to a server and back.
 * Its threads are daemons, and end with their sockets.
 */
final class ScriptedProxy implements AutoCloseable {

    static final String AGREED = "HTTP/1.1 200 Connection established\r\n\r\n";

    /** What clients have asked for, header by header. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    private final ServerSocket listener;
    private final int serverPort;
    private final Function<String, String> script;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    /**
     * @param serverPort where it goes on to, whatever it is asked for
     * @param script from a request to the answer; an empty one closes the connection, null says nothing at all
     */
    ScriptedProxy(int serverPort, Function<String, String> script) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        this.serverPort = serverPort;
        this.script = script;
        daemon(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = keep(listener.accept());
                daemon(() -> serve(client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket client) {
        try {
            String request = head(client.getInputStream());
            requests.add(request);
            String answer = script.apply(request);
            if (answer == null) {
                return;
            }
            if (answer.startsWith("HTTP/1.1 2")) {
                // First the server, so that its words can follow in the same packet.
                Socket server = keep(new Socket("127.0.0.1", serverPort));
                daemon(() -> pump(client, server));
                client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                pump(server, client);
            } else {
                client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                client.close();
            }
        } catch (IOException gone) {
            // As proxies do, it keeps to itself why.
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("closed");
            }
            head.write(octet);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static void pump(Socket from, Socket to) {
        byte[] bytes = new byte[8192];
        try {
            OutputStream out = to.getOutputStream();
            for (int n = from.getInputStream().read(bytes);
                    n >= 0;
                    n = from.getInputStream().read(bytes)) {
                out.write(bytes, 0, n);
            }
            to.shutdownOutput();
        } catch (IOException gone) {
            // The other direction ends by itself.
        }
    }

    private Socket keep(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "scripted-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends every connection, and goes on listening. */
    void cut() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
