// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services.channelz;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Several results as one. */
final class Stages {

    private Stages() {}

    /** Done when all are, with their results in order; fails if one does. */
    static <T> CompletionStage<List<T>> all(List<CompletionStage<T>> stages) {
        CompletionStage<List<T>> all = CompletableFuture.completedFuture(new ArrayList<>(stages.size()));
        for (CompletionStage<T> stage : stages) {
            all = all.thenCombine(stage, (list, item) -> {
                list.add(item);
                return list;
            });
        }
        return all;
    }
}
