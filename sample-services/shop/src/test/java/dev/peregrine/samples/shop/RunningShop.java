// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.shop;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;

/** Applications of the shop on free ports of the loopback interface. */
final class RunningShop implements AutoCloseable {

    private final List<String> properties;
    private final Deque<ConfigurableApplicationContext> started = new ArrayDeque<>();

    /**
     * @param properties of the form {@code --name=value}, for all applications
     */
    RunningShop(String... properties) {
        this.properties = List.of(properties);
    }

    ConfigurableApplicationContext start(String name, String... own) {
        List<String> all = new ArrayList<>(List.of(
                "--server.address=127.0.0.1",
                "--server.port=0",
                "--grpc.server.address=127.0.0.1",
                "--grpc.server.port=0",
                "--grpc.client.default.deadline=20s"));
        all.addAll(properties);
        all.addAll(List.of(own));
        ConfigurableApplicationContext context = Shop.start(name, all.toArray(String[]::new));
        started.push(context);
        return context;
    }

    /** Inventory and orders; the latter is returned. */
    ConfigurableApplicationContext open() {
        ConfigurableApplicationContext inventory = start("inventory");
        return start(
                "orders",
                "--grpc.client.inventory.target=" + targetOf(inventory),
                "--grpc.client.inventory.deadline=10s", // the machine of a build may be slow
                "--grpc.server.methods[0].match=shop.Orders/Place",
                "--grpc.server.methods[0].default-deadline=15s");
    }

    static String targetOf(ConfigurableApplicationContext context) {
        return "localhost:" + context.getEnvironment().getRequiredProperty("local.grpc.server.port");
    }

    @Override
    public void close() {
        started.forEach(ConfigurableApplicationContext::close);
    }
}
