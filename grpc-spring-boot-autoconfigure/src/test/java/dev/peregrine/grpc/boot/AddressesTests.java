// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressesTests {

    private static final SocketAddress SOCKET = UnixDomainSocketAddress.of("/run/app.sock");

    @Test
    void portsOfIpv6AddressesCanBeToldFromThem() {
        assertThat(Addresses.text(new InetSocketAddress("::1", 9090))).isEqualTo("[0:0:0:0:0:0:0:1]:9090");
        assertThat(Addresses.text(new InetSocketAddress("127.0.0.1", 9090))).isEqualTo("127.0.0.1:9090");
        assertThat(Addresses.text(SOCKET)).isEqualTo("/run/app.sock");
    }

    @Test
    void thePortIsThatOfTheFirstNetworkAddress() {
        assertThat(Addresses.port(List.of(SOCKET, new InetSocketAddress("::1", 7), new InetSocketAddress(8))))
                .hasValue(7);
        assertThat(Addresses.port(List.of(SOCKET))).isEmpty();
    }
}
