// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.ProtocolMessageEnum;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Set;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.core.ResolvableType;

/**
 * What a native image must keep of the messages of a service. Encoding and decoding are generated code and need nothing;
 * {@code toString()}, as in a log line, and conversion to JSON call the accessors by reflection.
 */
public final class MessageHints {

    private final ReflectionHints hints;
    /** Not the classes: entries of maps have one for all. */
    private final Set<Descriptor> seen = new HashSet<>();

    /** Collects into these hints; one for all interfaces of an application keeps each message once. */
    public MessageHints(ReflectionHints hints) {
        this.hints = hints;
    }

    /** Keeps the messages in the signatures of this generated interface, and those within them. */
    public void ofInterface(Class<?> generated) {
        for (Method method : generated.getMethods()) {
            messagesIn(ResolvableType.forMethodReturnType(method));
            for (int i = 0; i < method.getParameterCount(); i++) {
                messagesIn(ResolvableType.forMethodParameter(method, i));
            }
        }
    }

    private void messagesIn(ResolvableType type) {
        Class<?> raw = type.toClass();
        if (Message.class.isAssignableFrom(raw) && !raw.isInterface()) {
            keep(defaultInstance(raw));
        }
        for (ResolvableType argument : type.getGenerics()) {
            messagesIn(argument);
        }
    }

    private void keep(Message message) {
        if (!seen.add(message.getDescriptorForType())) {
            return;
        }
        Message.Builder builder = message.newBuilderForType();
        hints.registerType(message.getClass(), MemberCategory.INVOKE_PUBLIC_METHODS);
        hints.registerType(builder.getClass(), MemberCategory.INVOKE_PUBLIC_METHODS);
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                keep(builder.newBuilderForField(field).getDefaultInstanceForType());
            } else if (field.getJavaType() == FieldDescriptor.JavaType.ENUM) {
                enumsIn(message.getClass());
            }
        }
    }

    /** The getters are the only way from a field to the Java class of its values. */
    private void enumsIn(Class<?> message) {
        for (Method getter : message.getMethods()) {
            if (ProtocolMessageEnum.class.isAssignableFrom(getter.getReturnType())) {
                hints.registerType(getter.getReturnType(), MemberCategory.INVOKE_PUBLIC_METHODS);
            }
        }
    }

    private static Message defaultInstance(Class<?> type) {
        try {
            return (Message) type.getMethod("getDefaultInstance").invoke(null);
        } catch (ReflectiveOperationException notGenerated) {
            throw new IllegalStateException(
                    type.getName()
                            + " is a message without a public static getDefaultInstance(); generated ones have it",
                    notGenerated);
        }
    }
}
