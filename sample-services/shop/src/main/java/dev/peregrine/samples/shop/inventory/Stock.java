// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.shop.inventory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** The shelves. A real shop has a database here. */
@Component
class Stock {

    private final Map<String, Integer> left;

    Stock(StockProperties properties) {
        this.left = new HashMap<>(properties.stock());
    }

    /**
     * Takes all of it or nothing.
     *
     * @param wanted how many of each item
     * @return how many are left of each
     * @throws SoldOutException if there is not enough of something
     */
    synchronized Map<String, Integer> take(Map<String, Integer> wanted) {
        List<String> missing = wanted.keySet().stream()
                .filter(item -> left.getOrDefault(item, 0) < wanted.get(item))
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            throw new SoldOutException(missing);
        }
        Map<String, Integer> afterwards = new TreeMap<>();
        wanted.forEach((item, quantity) -> afterwards.put(item, left.merge(item, -quantity, Integer::sum)));
        return afterwards;
    }
}
