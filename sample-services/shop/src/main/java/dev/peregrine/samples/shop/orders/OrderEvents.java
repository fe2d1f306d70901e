// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.shop.orders;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** Tells those who follow what becomes of orders. */
@Component
class OrderEvents {

    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();

    void tell(String customer, OrderEvent.Kind kind, String order) {
        OrderEvent event =
                OrderEvent.newBuilder().setKind(kind).setOrderId(order).build();
        for (Follower follower : followers) {
            if (follower.customer.equals(customer)) {
                follower.hear(event);
            }
        }
    }

    /** Hands over events as they come, on this thread, until it is interrupted: because the caller left, or the server does. */
    void follow(String customer, Consumer<OrderEvent> sink) {
        Follower follower = new Follower(customer);
        followers.add(follower);
        try {
            sink.accept(
                    OrderEvent.newBuilder().setKind(OrderEvent.Kind.LISTENING).build());
            while (true) {
                sink.accept(follower.queue.take());
                if (follower.isBehind) {
                    throw new StatusException(StatusCode.RESOURCE_EXHAUSTED, "events come faster than you read them");
                }
            }
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
        } finally {
            followers.remove(follower);
        }
    }

    private static final class Follower {

        final String customer;
        final BlockingQueue<OrderEvent> queue = new LinkedBlockingQueue<>(1000);
        volatile boolean isBehind;

        Follower(String customer) {
            this.customer = customer;
        }

        void hear(OrderEvent event) {
            if (!queue.offer(event)) {
                isBehind = true; // its memory is bounded, and so is its patience with us
            }
        }
    }
}
