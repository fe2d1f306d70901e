// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ManagedChannel;
import java.lang.reflect.Method;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Makes what an injection point asks for of the channel of a name. */
final class ClientFactory {

    private final GrpcChannels channels;

    ClientFactory(GrpcChannels channels) {
        this.channels = channels;
    }

    /**
     * @param place where the client goes, for messages
     * @throws FailureAnalyzedException if there is no such client, or the name is reserved
     */
    Object make(String name, Class<?> type, Object place) {
        ClientNames.require(name, "@GrpcClient(\"" + name + "\") on " + place);
        if (type == Channel.class || type == ManagedChannel.class) {
            return channels.channel(name);
        }
        Method create = GeneratedClients.createMethodOf(type);
        if (create == null) {
            throw new FailureAnalyzedException(
                    "@GrpcClient(\"" + name + "\") on " + place + " asks for a " + type.getName()
                            + ", which is no gRPC client.",
                    "Declare it as a generated client interface, such as Greeter.Client or Greeter.AsyncClient, or as "
                            + Channel.class.getName() + ".");
        }
        return GeneratedClients.create(create, channels.channel(name));
    }
}
