// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.validation;

import build.buf.protovalidate.ValidationResult;
import build.buf.protovalidate.Validator;
import build.buf.protovalidate.exceptions.ValidationException;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import com.google.rpc.BadRequest.FieldViolation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Rules that proto files state by the options of {@code buf.validate}. */
final class ProtoRules implements MessageRules {

    /** The number of the options, for messages, fields and oneofs alike (buf/validate/validate.proto). */
    private static final int OPTION = 1159;

    private final Validator validator;

    ProtoRules(Validator validator) {
        this.validator = validator;
    }

    @Override
    public @Nullable Check checkFor(MessageLite prototype) {
        if (!(prototype instanceof Message message) || !hasRules(message.getDescriptorForType(), new HashSet<>())) {
            return null;
        }
        // Rules are compiled when the first message of a type is checked: better now, and wrong ones fail the start.
        try {
            validator.validate(message);
        } catch (ValidationException broken) {
            throw new FailureAnalyzedException(
                    "The buf.validate rules of "
                            + message.getDescriptorForType().getFullName() + ", in "
                            + message.getDescriptorForType().getFile().getName() + " or in a file of one of its fields,"
                            + " cannot be applied: " + broken.getMessage(),
                    "Correct the rules. To start without any validation, set grpc.server.validation.enabled to false.",
                    broken);
        }
        return request -> violation((Message) request);
    }

    /**
     * What to fail a call with whose request this is; null if it obeys its rules.
     *
     * @throws IllegalStateException if the rules cannot be applied
     */
    private @Nullable Throwable violation(Message message) {
        ValidationResult result;
        try {
            result = validator.validate(message);
        } catch (ValidationException broken) {
            throw new IllegalStateException(
                    "the buf.validate rules for "
                            + message.getDescriptorForType().getFullName() + " cannot be applied",
                    broken);
        }
        return result.isSuccess() ? null : Violations.answer(fieldViolations(result));
    }

    private static List<FieldViolation> fieldViolations(ValidationResult result) {
        return result.toProto().getViolationsList().stream()
                .map(violation -> FieldViolation.newBuilder()
                        .setField(FieldPaths.text(violation.getField()))
                        .setDescription(violation.getMessage())
                        .build())
                .toList();
    }

    private static boolean hasRules(Descriptor type, Set<Descriptor> seen) {
        if (!seen.add(type)) {
            return false;
        }
        if (isSet(type.getOptions())) {
            return true;
        }
        for (OneofDescriptor oneof : type.getOneofs()) {
            if (isSet(oneof.getOptions())) {
                return true;
            }
        }
        for (FieldDescriptor field : type.getFields()) {
            if (isSet(field.getOptions())
                    || (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                            && hasRules(field.getMessageType(), seen))) {
                return true;
            }
        }
        return false;
    }

    /** Generated code that was loaded without the extension keeps it among the fields it does not know. */
    private static boolean isSet(Message options) {
        return options.getUnknownFields().hasField(OPTION)
                || options.getAllFields().keySet().stream().anyMatch(field -> field.getNumber() == OPTION);
    }
}
