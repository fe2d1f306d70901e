// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.shop.inventory;

import java.util.List;

/** There is not enough of some items. Knows nothing of gRPC: what callers hear, {@link InventoryAdvice} says. */
final class SoldOutException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> items;

    SoldOutException(List<String> items) {
        super("sold out: " + String.join(", ", items));
        this.items = items;
    }

    List<String> items() {
        return items;
    }
}
