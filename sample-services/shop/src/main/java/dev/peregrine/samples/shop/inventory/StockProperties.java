// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.shop.inventory;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * @param stock How many there are of each item.
 */
@ConfigurationProperties("shop")
record StockProperties(Map<String, Integer> stock) {}
