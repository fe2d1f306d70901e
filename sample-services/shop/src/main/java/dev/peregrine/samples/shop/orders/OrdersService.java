// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.shop.orders;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.stub.ResponseWriter;
import dev.peregrine.samples.shop.inventory.Inventory;
import dev.peregrine.samples.shop.inventory.ReserveRequest;
import java.util.UUID;

/** A service that is a client of another one, with streams that only end with their caller or with the server. */
@GrpcService(streamsWithoutGrace = true)
class OrdersService implements Orders.Service {

    private final Inventory.Client inventory;
    private final OrderEvents events;

    OrdersService(@GrpcClient("inventory") Inventory.Client inventory, OrderEvents events) {
        this.inventory = inventory;
        this.events = events;
    }

    @Override
    public Order place(PlaceRequest request) {
        String id = UUID.randomUUID().toString();
        try {
            inventory.reserve(ReserveRequest.newBuilder()
                    .addAllLines(request.getLinesList())
                    .build());
        } catch (StatusException failure) {
            events.tell(request.getCustomer(), OrderEvent.Kind.REFUSED, id);
            throw answerTo(failure);
        }
        events.tell(request.getCustomer(), OrderEvent.Kind.PLACED, id);
        return Order.newBuilder()
                .setId(id)
                .setCustomer(request.getCustomer())
                .addAllLines(request.getLinesList())
                .build();
    }

    /** What the inventory answers us is not by itself what we answer our customers. */
    private static StatusException answerTo(StatusException failure) {
        return switch (failure.code()) {
            case FAILED_PRECONDITION -> failure.forward(); // sold out, with what: exactly what customers want to know
            case UNAVAILABLE, DEADLINE_EXCEEDED ->
                new StatusException(StatusCode.UNAVAILABLE, "nothing was ordered: the inventory does not answer");
            default -> failure; // ours to look into; the log has it, and customers hear of a failure
        };
    }

    @Override
    public void follow(FollowRequest request, ResponseWriter<OrderEvent> replies) {
        events.follow(request.getCustomer(), replies::write);
    }
}
