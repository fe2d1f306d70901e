// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.codec.MessageEncodings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** The encodings of messages that an application has: those that are built in, and its {@link MessageEncoding} beans. */
public final class EncodingBeans {

    private final ObjectProvider<MessageEncoding> beans;

    /** Asks for the beans each time somebody chooses. */
    public EncodingBeans(ObjectProvider<MessageEncoding> beans) {
        this.beans = beans;
    }

    /**
     * Those of these names, in their order.
     *
     * @param names null for all that there are
     * @param property the property that names them, for messages
     * @throws FailureAnalyzedException if one is named that there is not
     */
    public MessageEncodings choose(@Nullable List<String> names, String property) {
        MessageEncodings all =
                beans.orderedStream().reduce(MessageEncodings.DEFAULT, MessageEncodings::with, (one, other) -> other);
        if (names == null) {
            return all;
        }
        MessageEncodings chosen = MessageEncodings.NONE;
        for (String name : names) {
            require(all, name, property);
            MessageEncoding encoding = all.find(name);
            chosen = encoding == null ? chosen : chosen.with(encoding);
        }
        return chosen;
    }

    /**
     * Refuses a name that is none of these, nor {@code identity}.
     *
     * @param property the property that names it, for messages
     * @throws FailureAnalyzedException if there is no such encoding among these
     */
    public static void require(MessageEncodings among, String name, String property) {
        if (!among.canRead(name)) {
            throw new FailureAnalyzedException(
                    property + " names the encoding '" + name + "', which is not there. There are: " + among.names()
                            + ".",
                    "Name one of these, or declare a bean of type " + MessageEncoding.class.getSimpleName()
                            + " for it, such as ZstdEncoding.DEFAULT.");
        }
    }
}
