// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services.channelz;

import com.google.protobuf.ByteString;
import dev.peregrine.grpc.channelz.v1.Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** Addresses as channelz and its readers write them. */
final class Addresses {

    private Addresses() {}

    static Address message(SocketAddress address) {
        Address.Builder message = Address.newBuilder();
        if (address instanceof InetSocketAddress network && network.getAddress() != null) {
            message.getTcpipAddressBuilder()
                    .setIpAddress(ByteString.copyFrom(network.getAddress().getAddress()))
                    .setPort(network.getPort());
        } else if (address instanceof UnixDomainSocketAddress file) {
            message.getUdsAddressBuilder().setFilename(file.getPath().toString());
        } else {
            message.getOtherAddressBuilder().setName(address.toString());
        }
        return message.build();
    }

    static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress network && network.getAddress() != null) {
            String host = network.getAddress().getHostAddress();
            return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + network.getPort();
        }
        return address.toString();
    }
}
