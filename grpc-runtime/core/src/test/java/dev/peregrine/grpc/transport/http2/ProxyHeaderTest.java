// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.ProxyProtocol;
import dev.peregrine.grpc.transport.SocketEngine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol, versions 1 and 2, from proxies that the test plays. */
@Timeout(60)
class ProxyHeaderTest {

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int UNSPECIFIED = 0x00;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final AtomicReference<Peer> seen = new AtomicReference<>();

    @BeforeEach
    void requireTheHeader() {
        server.unary(text -> {
            seen.set(CallContext.current().peer());
            return "re: " + text;
        });
        server.builder().proxyProtocol(ProxyProtocol.REQUIRED);
    }

    // ---- what it tells ----

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void thePeerOfACallIsWhomVersion1Names(SocketEngine engine) {
        Engines.assumeWorks(engine);
        server.builder().socketEngine(engine);

        assertAnswered(ascii("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n"));
        assertThat(seen.get().remote()).isEqualTo(address("192.0.2.7", 56324));
        assertThat(seen.get().local())
                .isEqualTo(address("127.0.0.1", server.server().port()));
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void thePeerOfACallIsWhomVersion2Names(SocketEngine engine) throws UnknownHostException {
        Engines.assumeWorks(engine);
        server.builder().socketEngine(engine);

        assertAnswered(version2(PROXY, TCP4, addresses("192.0.2.7", "198.51.100.1", 56324, 443)));
        assertThat(seen.get().remote()).isEqualTo(address("192.0.2.7", 56324));
    }

    @Test
    void bothVersionsNameIpv6Addresses() throws UnknownHostException {
        assertAnswered(ascii("PROXY TCP6 2001:db8::7 2001:db8::1 56324 443\r\n"));
        assertThat(seen.get().remote()).isEqualTo(address("2001:db8::7", 56324));

        assertAnswered(version2(PROXY, TCP6, addresses("2001:db8::8", "2001:db8::1", 5, 443)));
        assertThat(seen.get().remote()).isEqualTo(address("2001:db8::8", 5));
    }

    /** The proxy's own connections, to see whether we live: they keep the address of the socket. */
    @Test
    void aHeaderThatNamesNobodyLeavesTheSocketsAddress() {
        assertAnswered(version2(LOCAL, UNSPECIFIED, new byte[0]));
        assertThat(((InetSocketAddress) seen.get().remote()).getHostString()).isEqualTo("127.0.0.1");

        assertAnswered(ascii("PROXY UNKNOWN\r\n"));
        assertThat(((InetSocketAddress) seen.get().remote()).getHostString()).isEqualTo("127.0.0.1");

        assertAnswered(version2(PROXY, UNSPECIFIED, new byte[0]));
        assertThat(((InetSocketAddress) seen.get().remote()).getHostString()).isEqualTo("127.0.0.1");
    }

    @Test
    void aLocalHeaderMayNotNameAnybody() throws UnknownHostException {
        assertAnswered(version2(LOCAL, TCP4, addresses("192.0.2.7", "198.51.100.1", 56324, 443)));

        assertThat(((InetSocketAddress) seen.get().remote()).getHostString()).isEqualTo("127.0.0.1");
    }

    @Test
    void whatVersion2CarriesBesideTheAddressesIsPassedOver() throws UnknownHostException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(addresses("192.0.2.7", "198.51.100.1", 56324, 443));
        body.writeBytes(new byte[] {(byte) 0xEA, 0, 5, 'v', 'p', 'c', '-', '1'});

        assertAnswered(version2(PROXY, TCP4, body.toByteArray()));
        assertThat(seen.get().remote()).isEqualTo(address("192.0.2.7", 56324));
    }

    @Test
    void theHeaderMayComeOctetByOctetAndTogetherWithWhatFollows() {
        ScriptedPeer slow = server.dial();
        for (byte octet : ascii("PROXY TCP4 192.0.2.7 198.51.100.1 1 2\r\n")) {
            slow.sendRaw(octet);
        }
        ask(slow);
        assertThat(seen.get().remote()).isEqualTo(address("192.0.2.7", 1));

        // In one write with the preface; the script's own preface is then left out.
        ScriptedPeer quick = server.dial();
        quick.sendRaw(ascii("PROXY TCP4 192.0.2.8 198.51.100.1 1 2\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        quick.send(new Frame.Settings());
        TextsServer.expectNextCallAnswered(quick, 1);
        assertThat(seen.get().remote()).isEqualTo(address("192.0.2.8", 1));
    }

    // ---- what is refused ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET / HTTP/1.1\r\nhost: a\r\n\r\n",
                "PROXY TCP4 192.0.2.7\r\n",
                "PROXY TCP4 not.an.address 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 99999\r\n",
                "PROXY TCP5 192.0.2.7 198.51.100.1 1 2\r\n",
                "proxy TCP4 192.0.2.7 198.51.100.1 1 2\r\n",
            })
    void aConnectionThatBeginsWithSomethingElseIsClosed(String text) {
        ScriptedPeer peer = server.dial();

        peer.sendRaw(ascii(text));

        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aHeaderWithoutEndIsNotKept() {
        ScriptedPeer version1 = server.dial();
        version1.sendRaw(ascii("PROXY TCP4 " + "1".repeat(200)));
        assertThat(version1.expectClosed()).isEmpty();

        ScriptedPeer version2 = server.dial();
        version2.sendRaw(version2(PROXY, TCP4, new byte[60_000]));
        assertThat(version2.expectClosed()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0x31", "0x11", "0x22"})
    void aVersionOrCommandThatIsUnknownIsClosed(String versionAndCommand) throws UnknownHostException {
        ScriptedPeer peer = server.dial();

        peer.sendRaw(
                version2(Integer.decode(versionAndCommand), TCP4, addresses("192.0.2.7", "198.51.100.1", 56324, 443)));

        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void whoNeverFinishesTheHeaderIsGivenUp() {
        server.limits(limits -> limits.withHandshakeTimeout(Duration.ofMillis(100)));
        ScriptedPeer peer = server.dial();

        peer.sendRaw(ascii("PROXY TCP4 192.0"));

        peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void theLimitOfAnAddressCountsTheClientNotTheProxy() {
        server.limits(limits -> limits.withMaxConnectionsPerAddress(1));
        ScriptedPeer first = behind("192.0.2.7");
        ScriptedPeer other = behind("192.0.2.8");
        ScriptedPeer again = server.dial();
        again.sendRaw(ascii("PROXY TCP4 192.0.2.7 198.51.100.1 1 2\r\n"));

        assertThat(again.expectClosed()).isEmpty();
        TextsServer.expectNextCallAnswered(first, 1);
        TextsServer.expectNextCallAnswered(other, 1);
    }

    /** It looks like a request of HTTP/1 and is answered as one. */
    @Test
    void whereItIsOffAHeaderIsAnError() throws IOException {
        server.builder().proxyProtocol(ProxyProtocol.OFF);
        try (Socket socket = new Socket("127.0.0.1", server.server().port())) {
            socket.getOutputStream().write(ascii("PROXY TCP4 192.0.2.7 198.51.100.1 1 2\r\n"));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 505 ");
        }
    }

    private ScriptedPeer behind(String client) {
        ScriptedPeer peer = server.dial();
        peer.sendRaw(ascii("PROXY TCP4 " + client + " 198.51.100.1 1 2\r\n"));
        return peer.handshake();
    }

    private void assertAnswered(byte[] header) {
        ScriptedPeer peer = server.dial();
        peer.sendRaw(header);
        ask(peer);
    }

    private static void ask(ScriptedPeer peer) {
        TextsServer.expectNextCallAnswered(peer.handshake(), 1);
    }

    private static byte[] ascii(String text) {
        return Octets.latin1(text).toArray();
    }

    /** The binary header, as proxies write it: signature, version and command, family and transport, length, the rest. */
    private static byte[] version2(int versionAndCommand, int family, byte[] rest) {
        return ByteBuffer.allocate(16 + rest.length)
                .put("\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.ISO_8859_1))
                .put((byte) versionAndCommand)
                .put((byte) family)
                .putShort((short) rest.length)
                .put(rest)
                .array();
    }

    private static byte[] addresses(String source, String destination, int sourcePort, int destinationPort)
            throws UnknownHostException {
        byte[] from = InetAddress.getByName(source).getAddress();
        byte[] to = InetAddress.getByName(destination).getAddress();
        return ByteBuffer.allocate(from.length + to.length + 4)
                .put(from)
                .put(to)
                .putShort((short) sourcePort)
                .putShort((short) destinationPort)
                .array();
    }

    private static InetSocketAddress address(String literal, int port) {
        return new InetSocketAddress(literal, port);
    }
}
