// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.server.Server;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** The encodings of messages: those that are built in, and the {@link MessageEncoding} beans beside them. */
final class ServerEncodings {

    private final ObjectProvider<MessageEncoding> beans;

    ServerEncodings(ObjectProvider<MessageEncoding> beans) {
        this.beans = beans;
    }

    /**
     * @throws FailureAnalyzedException if an encoding is named that there is not
     */
    void applyTo(Server.Builder server, String name, GrpcServerProperties properties) {
        MessageEncodings all =
                beans.orderedStream().reduce(MessageEncodings.DEFAULT, MessageEncodings::with, (one, other) -> other);
        MessageEncodings chosen = all;
        if (properties.encodings() != null) {
            chosen = MessageEncodings.NONE;
            for (String encoding : properties.encodings()) {
                chosen = chosen.with(find(all, name, "encodings", encoding));
            }
        }
        if (properties.compression() != null) {
            find(chosen, name, "compression", properties.compression());
        }
        MessageEncodings encodings = chosen;
        server.encodings(none -> encodings);
    }

    private static MessageEncoding find(MessageEncodings among, String server, String field, String encoding) {
        MessageEncoding found = among.find(encoding);
        if (found == null) {
            throw new FailureAnalyzedException(
                    ConfiguredServers.property(server, field) + " names the encoding '" + encoding
                            + "', which the server does not have. It has: " + among.names() + ".",
                    "Name one of these, or declare a bean of type " + MessageEncoding.class.getSimpleName()
                            + " for it, such as ZstdEncoding.DEFAULT.");
        }
        return found;
    }
}
