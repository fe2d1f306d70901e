// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.fuzz;

import dev.peregrine.grpc.Marshaller;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.MethodKind;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the handler of a call will do; the caller decides, and it travels with the call.
 *
 * @param responses how many, if the handler is to write of its own accord
 * @param size of each of them, in characters
 * @param failure what it ends with, if it is to fail
 */
record CallPlan(Conduct conduct, int responses, int size, StatusCode failure) {

    enum Conduct {
        /** Answers each request, or all of them at the end. */
        ECHO,
        /** Answers though it has not read the requests. */
        HASTY,
        /** Writes and writes, whoever reads. */
        FLOOD,
        /** Ends with a status. */
        FAIL,
        /** Throws something else. */
        THROW,
        /** Does nothing until it is cancelled. */
        HANG
    }

    /** Runs on the event loop. */
    static final String PROMPT = "fuzz.Prompt";

    /** Runs where it may block. */
    static final String PATIENT = "fuzz.Patient";

    private static final MetadataKey<String> KEY = MetadataKey.ascii("x-plan");

    static CallPlan random(Chance chance) {
        Conduct conduct = chance.of(
                Conduct.ECHO,
                Conduct.ECHO,
                Conduct.ECHO,
                Conduct.HASTY,
                Conduct.FLOOD,
                Conduct.FAIL,
                Conduct.THROW,
                Conduct.HANG);
        StatusCode failure = StatusCode.values()[1 + chance.below(StatusCode.values().length - 1)];
        return new CallPlan(conduct, chance.below(12), chance.size(9000), failure);
    }

    static List<MethodDescriptor<String, String>> methods(String service) {
        return Arrays.stream(MethodKind.values())
                .map(kind -> method(service, kind))
                .toList();
    }

    static MethodDescriptor<String, String> method(String service, MethodKind kind) {
        Marshaller<String> texts = new Texts();
        return MethodDescriptor.of(service, kind.name().toLowerCase(Locale.ROOT), kind, texts, texts);
    }

    Metadata write() {
        return Metadata.of(KEY, conduct + "," + responses + "," + size + "," + failure);
    }

    static CallPlan read(Metadata metadata) {
        String text = metadata.get(KEY);
        if (text == null) {
            throw new AssertionError("the plan of a call got lost; its metadata is " + metadata);
        }
        String[] parts = text.split(",");
        return new CallPlan(
                Conduct.valueOf(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                StatusCode.valueOf(parts[3]));
    }

    String response(int number) {
        return number + ":" + "r".repeat(size);
    }
}
