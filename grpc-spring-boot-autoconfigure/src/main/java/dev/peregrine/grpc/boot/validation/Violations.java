// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.validation;

import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.protobuf.StatusDetails;
import java.util.List;
import java.util.stream.Collectors;

/** What callers are told of requests that break the rules: INVALID_ARGUMENT, with a {@link BadRequest}. */
final class Violations {

    /** More than these are in the details only; the text is for people. */
    private static final int IN_TEXT = 3;

    private Violations() {}

    static StatusException answer(List<FieldViolation> violations) {
        String text = violations.stream().limit(IN_TEXT).map(Violations::text).collect(Collectors.joining("; "))
                + (violations.size() > IN_TEXT ? "; and " + (violations.size() - IN_TEXT) + " more" : "");
        return StatusDetails.exception(
                StatusCode.INVALID_ARGUMENT,
                text,
                BadRequest.newBuilder().addAllFieldViolations(violations).build());
    }

    private static String text(FieldViolation violation) {
        return violation.getField().isEmpty()
                ? violation.getDescription()
                : violation.getField() + ": " + violation.getDescription();
    }
}
