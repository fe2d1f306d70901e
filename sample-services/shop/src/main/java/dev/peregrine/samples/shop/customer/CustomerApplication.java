// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.shop.customer;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Buys a few things, and has no server. */
@SpringBootApplication
public class CustomerApplication {}
