// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.shop.customer;

import com.google.rpc.BadRequest;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.protobuf.StatusDetails;
import dev.peregrine.samples.shop.inventory.Line;
import dev.peregrine.samples.shop.orders.FollowRequest;
import dev.peregrine.samples.shop.orders.Orders;
import dev.peregrine.samples.shop.orders.PlaceRequest;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/** Places orders that go well and orders that do not, and prints what became of them. */
@Component
class Errand implements ApplicationRunner {

    private static final String CUSTOMER = "ada";

    private final Orders.Client orders;

    Errand(@GrpcClient("orders") Orders.Client orders) {
        this.orders = orders;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        FollowRequest mine = FollowRequest.newBuilder().setCustomer(CUSTOMER).build();
        try (var events = orders.follow(mine)) {
            say("event: " + events.read().getKind());
            place("book", 2);
            say("event: " + events.read().getKind());
            place("lamp", 3);
            say("event: " + events.read().getKind());
        }
        place("", -1);
    }

    private void place(String item, int quantity) {
        PlaceRequest.Builder request = PlaceRequest.newBuilder().setCustomer(CUSTOMER);
        request.addLinesBuilder().setItem(item).setQuantity(quantity);
        say("placing an order of " + quantity + " '" + item + "'");
        try {
            for (Line line : orders.place(request.build()).getLinesList()) {
                say("  ordered " + line.getQuantity() + " " + line.getItem());
            }
        } catch (StatusException failure) {
            say("  " + failure.getMessage());
            StatusDetails.of(failure)
                    .first(BadRequest.class)
                    .ifPresent(wrong -> wrong.getFieldViolationsList()
                            .forEach(field -> say("    " + field.getField() + ": " + field.getDescription())));
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
