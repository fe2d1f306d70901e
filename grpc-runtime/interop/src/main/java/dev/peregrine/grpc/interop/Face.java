// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

/** Which of the two faces of the generated code is tried. */
public enum Face {
    /** Plain methods, readers and writers. */
    BLOCKING,
    /** Stages and publishers. */
    ASYNC;

    /**
     * @throws IllegalArgumentException unless the text names a face, in lower case
     */
    static Face parse(String text) {
        for (Face face : values()) {
            if (face.toString().equals(text)) {
                return face;
            }
        }
        throw new IllegalArgumentException("--face: '" + text + "' (expected: blocking or async)");
    }

    /** As the flag has it. */
    @Override
    public String toString() {
        return this == BLOCKING ? "blocking" : "async";
    }
}
