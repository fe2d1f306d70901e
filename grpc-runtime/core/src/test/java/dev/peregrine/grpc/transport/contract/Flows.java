// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;

/** Publishers and subscribers with nothing special about them. */
final class Flows {

    private Flows() {}

    /** Publishes these, from a thread that waits for demand. */
    static Flow.Publisher<String> of(String... texts) {
        return subscriber -> {
            SubmissionPublisher<String> publisher = new SubmissionPublisher<>();
            publisher.subscribe(subscriber);
            CompletableFuture.runAsync(() -> {
                for (String text : texts) {
                    publisher.submit(text);
                }
                publisher.close();
            });
        };
    }

    /** Asks for everything, and completes when that was everything. */
    static CompletableFuture<List<String>> all(Flow.Publisher<String> publisher) {
        List<String> all = new ArrayList<>();
        CompletableFuture<List<String>> result = new CompletableFuture<>();
        publisher.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(String text) {
                all.add(text);
            }

            @Override
            public void onError(Throwable failure) {
                result.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                result.complete(all);
            }
        });
        return result;
    }
}
