// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.validation;

import build.buf.validate.FieldPath;
import build.buf.validate.FieldPathElement;

/** Paths to fields as {@code google.rpc.BadRequest} writes them: {@code items[2].quantity}, {@code labels["a"]}. */
final class FieldPaths {

    private FieldPaths() {}

    /** Empty for the message as a whole. */
    static String text(FieldPath path) {
        StringBuilder text = new StringBuilder();
        for (FieldPathElement element : path.getElementsList()) {
            if (!text.isEmpty()) {
                text.append('.');
            }
            text.append(element.getFieldName());
            switch (element.getSubscriptCase()) {
                case INDEX -> text.append('[').append(element.getIndex()).append(']');
                case STRING_KEY ->
                    text.append("[\"").append(element.getStringKey()).append("\"]");
                case BOOL_KEY -> text.append('[').append(element.getBoolKey()).append(']');
                case INT_KEY -> text.append('[').append(element.getIntKey()).append(']');
                case UINT_KEY ->
                    text.append('[')
                            .append(Long.toUnsignedString(element.getUintKey()))
                            .append(']');
                default -> {}
            }
        }
        return text.toString();
    }
}
