// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

/** There was more than a {@link MessageSink} takes. No error by itself: the one who set the limit knows what it means. */
final class SinkFullException extends RuntimeException {

    /** One for all: it gets encodings to stop, and says nothing; whether it was thrown is for the sink to say. */
    static final SinkFullException INSTANCE = new SinkFullException();

    private static final long serialVersionUID = 1;

    private SinkFullException() {
        super("the message is larger than its sink", null, false, false);
    }
}
