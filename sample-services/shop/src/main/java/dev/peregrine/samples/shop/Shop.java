// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.shop;

import dev.peregrine.samples.shop.customer.CustomerApplication;
import dev.peregrine.samples.shop.inventory.InventoryApplication;
import dev.peregrine.samples.shop.orders.OrdersApplication;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts the applications that are named, or all: {@code inventory}, {@code orders}, and {@code customer}, who says what he
 * does and leaves. Each has its own context, ports and configuration, named after it, and talks to the others over the network
 * only: in one process here, in one each where it matters.
 */
public final class Shop {

    private static final Map<String, Class<?>> APPLICATIONS = new LinkedHashMap<>();

    static {
        APPLICATIONS.put("inventory", InventoryApplication.class);
        APPLICATIONS.put("orders", OrdersApplication.class);
        APPLICATIONS.put("customer", CustomerApplication.class);
    }

    private Shop() {}

    public static void main(String[] args) {
        List<String> named =
                Arrays.stream(args).filter(APPLICATIONS::containsKey).toList();
        Deque<ConfigurableApplicationContext> started = new ArrayDeque<>();
        for (String name : named.isEmpty() ? APPLICATIONS.keySet() : named) {
            started.push(start(name, args));
        }
        if (started.peek()
                .getEnvironment()
                .getProperty("spring.application.name", "")
                .equals("customer")) {
            started.forEach(ConfigurableApplicationContext::close); // the customer has left, and nobody else comes
        }
    }

    /** Runs until it is closed. */
    static ConfigurableApplicationContext start(String name, String... args) {
        return new SpringApplicationBuilder(APPLICATIONS.get(name))
                .main(APPLICATIONS.get(name))
                .properties("spring.config.name=" + name)
                .run(args);
    }
}
