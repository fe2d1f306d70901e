// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.validation;

import com.google.protobuf.MessageLite;
import org.jspecify.annotations.Nullable;

/** Where the rules for messages come from. */
interface MessageRules {

    /**
     * The check for all messages of a type; null if there are no rules for it.
     *
     * @param prototype the type's default instance
     */
    @Nullable
    Check checkFor(MessageLite prototype);

    /** Checks the messages of one type; called by many threads. */
    @FunctionalInterface
    interface Check {

        /** What is wrong with the message, as something to fail its call with; null if nothing is. */
        @Nullable
        Throwable violation(Object message);
    }
}
