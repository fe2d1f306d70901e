// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.validation;

import com.google.rpc.BadRequest.FieldViolation;
import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.advice.GrpcErrorTranslator;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells callers which of their fields break constraints of Jakarta Validation, whether the message had them or a parameter
 * of a {@code @Validated} service. A return value that breaks them is the service's own failure.
 */
final class ConstraintViolationTranslator implements GrpcErrorTranslator {

    @Override
    public @Nullable StatusException translate(Throwable thrown, CallContext call) {
        if (!(thrown instanceof ConstraintViolationException failure)
                || failure.getConstraintViolations() == null
                || failure.getConstraintViolations().isEmpty()) {
            return null;
        }
        List<FieldViolation> violations = new ArrayList<>();
        for (ConstraintViolation<?> violation : failure.getConstraintViolations()) {
            if (isOfResult(violation.getPropertyPath())) {
                return null;
            }
            violations.add(FieldViolation.newBuilder()
                    .setField(fieldOf(violation.getPropertyPath()))
                    .setDescription(violation.getMessage())
                    .build());
        }
        violations.sort(Comparator.comparing((FieldViolation violation) -> violation.getField())
                .thenComparing(violation -> violation.getDescription()));
        return Violations.answer(violations);
    }

    private static boolean isOfResult(Path path) {
        for (Path.Node node : path) {
            if (node.getKind() == ElementKind.RETURN_VALUE) {
                return true;
            }
        }
        return false;
    }

    /** Of {@code place.order.items[2].quantity} what the caller knows: the method and its parameter are ours. */
    private static String fieldOf(Path path) {
        StringBuilder text = new StringBuilder();
        for (Path.Node node : path) {
            if (node.getKind() != ElementKind.METHOD
                    && node.getKind() != ElementKind.PARAMETER
                    && node.getName() != null) {
                text.append(text.isEmpty() ? "" : ".").append(node);
            }
        }
        return text.toString();
    }
}
