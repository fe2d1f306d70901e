// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.validation;

import com.google.protobuf.MessageLite;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Constraints of Jakarta Validation on message types, which XML or a mapping in code states: generated code cannot. */
final class JakartaRules implements MessageRules {

    private final Validator validator;

    JakartaRules(Validator validator) {
        this.validator = validator;
    }

    @Override
    public @Nullable Check checkFor(MessageLite prototype) {
        return validator.getConstraintsForClass(prototype.getClass()).isBeanConstrained() ? this::violation : null;
    }

    private @Nullable Throwable violation(Object message) {
        Set<ConstraintViolation<Object>> violations = validator.validate(message);
        return violations.isEmpty() ? null : new ConstraintViolationException(violations);
    }
}
