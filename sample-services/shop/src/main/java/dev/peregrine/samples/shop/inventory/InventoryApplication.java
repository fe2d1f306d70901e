// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.shop.inventory;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Knows what there is. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class InventoryApplication {}
