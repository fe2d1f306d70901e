// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.validation;

import com.google.rpc.BadRequest.FieldViolation;
import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.advice.GrpcExceptionTranslator;
import dev.peregrine.grpc.protobuf.ProtobufMarshaller;
import dev.peregrine.grpc.server.BindableService;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells callers which of their fields break constraints of Jakarta Validation, whether the request had them or a parameter
 * of a {@code @Validated} service. What breaks others is the service's own failure: its return value, another bean that it
 * calls, an entity that it stores; the caller does not know their fields, nor should it.
 */
final class ConstraintViolationTranslator implements GrpcExceptionTranslator {

    @Override
    public @Nullable StatusException translate(Throwable thrown, CallContext call) {
        if (!(thrown instanceof ConstraintViolationException failure)
                || failure.getConstraintViolations() == null
                || failure.getConstraintViolations().isEmpty()) {
            return null;
        }
        List<FieldViolation> violations = new ArrayList<>();
        for (ConstraintViolation<?> violation : failure.getConstraintViolations()) {
            if (!isOfRequest(violation, call.method())) {
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

    private static boolean isOfRequest(ConstraintViolation<?> violation, MethodDescriptor<?, ?> method) {
        Class<?> root = violation.getRootBeanClass();
        if (root == null || isOfResult(violation.getPropertyPath())) {
            return false;
        }
        return BindableService.class.isAssignableFrom(root)
                || (method.requestMarshaller() instanceof ProtobufMarshaller<?> requests
                        && requests.prototype().getClass() == root);
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
