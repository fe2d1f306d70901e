// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.policy.MethodPolicyProperties;
import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.codec.MessageEncodings;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** The encodings of messages: those that are built in, and the {@link MessageEncoding} beans beside them. */
final class ServerEncodings {

    private final ObjectProvider<MessageEncoding> beans;

    ServerEncodings(ObjectProvider<MessageEncoding> beans) {
        this.beans = beans;
    }

    /**
     * Those that a server may read and write.
     *
     * @throws FailureAnalyzedException if its properties name one that it has not
     */
    MessageEncodings choose(String server, GrpcServerProperties properties) {
        MessageEncodings chosen =
                beans.orderedStream().reduce(MessageEncodings.DEFAULT, MessageEncodings::with, (one, other) -> other);
        if (properties.encodings() != null) {
            String property = ConfiguredServers.property(server, "encodings");
            chosen = restricted(chosen, properties.encodings(), property);
        }
        if (properties.compression() != null) {
            require(chosen, ConfiguredServers.property(server, "compression"), properties.compression());
        }
        for (MethodPolicyProperties method : properties.methods()) {
            if (method.compression() != null) {
                String methods = ConfiguredServers.property(server, "methods");
                require(chosen, "compression of '" + method.match() + "' in " + methods, method.compression());
            }
        }
        return chosen;
    }

    private static MessageEncodings restricted(MessageEncodings all, List<String> names, String property) {
        MessageEncodings some = MessageEncodings.NONE;
        for (String name : names) {
            require(all, property, name);
            MessageEncoding encoding = all.find(name);
            if (encoding != null) { // Identity is no encoding, and always there.
                some = some.with(encoding);
            }
        }
        return some;
    }

    private static void require(MessageEncodings among, String where, String encoding) {
        if (!among.canRead(encoding)) {
            throw new FailureAnalyzedException(
                    where + " names the encoding '" + encoding + "', which the server does not have. It has: "
                            + among.names() + ".",
                    "Name one of these, or declare a bean of type " + MessageEncoding.class.getSimpleName()
                            + " for it, such as ZstdEncoding.DEFAULT.");
        }
    }
}
