// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.shop.inventory;

import dev.peregrine.grpc.boot.server.GrpcService;
import java.util.Map;
import java.util.stream.Collectors;

/** Requests that get here obey the rules of the proto file: the starter has checked them. */
@GrpcService
class InventoryService implements Inventory.Service {

    private final Stock stock;

    InventoryService(Stock stock) {
        this.stock = stock;
    }

    @Override
    public Reservation reserve(ReserveRequest request) {
        Map<String, Integer> wanted = request.getLinesList().stream()
                .collect(Collectors.toMap(Line::getItem, Line::getQuantity, Integer::sum));
        return Reservation.newBuilder().putAllLeft(stock.take(wanted)).build();
    }
}
