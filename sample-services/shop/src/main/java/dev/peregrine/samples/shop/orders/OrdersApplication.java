// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.shop.orders;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Takes orders, and has the inventory reserve what is in them. */
@SpringBootApplication
public class OrdersApplication {}
