// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.soak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between clients and a server that moves from port to port: one address for the clients, a count of connections, and
 * a knife for them. It closes a connection by itself only when one of the two ends has closed it, or was cut.
 */
final class CuttingProxy implements AutoCloseable {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final ServerSocket listening = new ServerSocket();
    private final Ledger connections = new Ledger();
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private volatile int serverPort;

    CuttingProxy() throws IOException {
        listening.bind(new InetSocketAddress(LOOPBACK, 0));
        daemon(this::accept, "soak-proxy-accept");
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Where new connections go from now on. */
    void leadTo(int port) {
        serverPort = port;
    }

    Ledger connections() {
        return connections;
    }

    /** Ends all connections as a broken cable would: with RST, in the midst of whatever is under way. */
    void cutAll() {
        for (Socket client : clients) {
            try {
                client.setSoLinger(true, 0);
                client.close();
            } catch (IOException closedAlready) {
                // Its pumps see to the rest.
            }
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Ledger.Entry entry = connections.begin("connection to server port " + serverPort);
                try {
                    Socket server = new Socket(LOOPBACK, serverPort);
                    clients.add(client);
                    daemon(() -> pump(client, server, () -> {}), "soak-proxy-up");
                    daemon(
                            () -> pump(server, client, () -> {
                                clients.remove(client);
                                entry.end();
                            }),
                            "soak-proxy-down");
                } catch (IOException serverIsAway) {
                    client.close();
                    entry.end();
                }
            } catch (IOException closed) {
                // Either the proxy is closed, or one client was gone before it was served.
            }
        }
    }

    /** Carries bytes until one side is closed, then closes the other. */
    private static void pump(Socket from, Socket to, Runnable atEnd) {
        try (from;
                to) {
            from.setTcpNoDelay(true);
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16_384];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException broken) {
            // Closing both, which follows, is all there is to do.
        } finally {
            atEnd.run();
        }
    }

    private static void daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cutAll();
    }
}
