// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.stub.ClientStub;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Makes what an injection point asks for of the channel of a name. A generated client of any kind is known by its static
 * {@code create(Channel)}.
 */
final class ClientFactory {

    private final GrpcChannels channels;

    ClientFactory(GrpcChannels channels) {
        this.channels = channels;
    }

    /**
     * @param place where the client goes, for messages
     * @throws FailureAnalyzedException if there is no such client, or the name is that of the defaults
     */
    Object make(String name, Class<?> type, Object place) {
        if (name.equals(ClientSettings.DEFAULT)) {
            throw new FailureAnalyzedException(
                    "@GrpcClient(\"" + name + "\") on " + place + " names no client: what is set under grpc.client."
                            + name + " counts for all clients.",
                    "Give the client a name of its own, such as @GrpcClient(\"greeter\"); it takes what it does not set"
                            + " from grpc.client." + name + ", the target too.");
        }
        if (type == Channel.class || type == ManagedChannel.class) {
            return channels.named(name);
        }
        Method create = createMethodOf(type);
        if (create == null) {
            throw new FailureAnalyzedException(
                    "@GrpcClient(\"" + name + "\") on " + place + " asks for a " + type.getName()
                            + ", which is no gRPC client.",
                    "Declare it as a generated client interface, such as Greeter.Client or Greeter.AsyncClient, or as "
                            + Channel.class.getName() + ".");
        }
        return invoke(create, channels.named(name));
    }

    private static @Nullable Method createMethodOf(Class<?> type) {
        if (!type.isInterface() || !ClientStub.class.isAssignableFrom(type)) {
            return null;
        }
        try {
            Method create = type.getMethod("create", Channel.class);
            return Modifier.isStatic(create.getModifiers()) && type.isAssignableFrom(create.getReturnType())
                    ? create
                    : null;
        } catch (NoSuchMethodException notGenerated) {
            return null;
        }
    }

    private static Object invoke(Method create, Channel channel) {
        try {
            create.setAccessible(true); // a public method, in an outer class that need not be public
            return create.invoke(null, channel);
        } catch (IllegalAccessException | InvocationTargetException failure) {
            throw new IllegalStateException(create + " failed", failure);
        }
    }
}
