// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.rpc.BadRequest;
import com.google.rpc.PreconditionFailure;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.health.v1.Health;
import dev.peregrine.grpc.health.v1.HealthCheckRequest;
import dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus;
import dev.peregrine.grpc.protobuf.StatusDetails;
import dev.peregrine.samples.shop.orders.FollowRequest;
import dev.peregrine.samples.shop.orders.Order;
import dev.peregrine.samples.shop.orders.OrderEvent;
import dev.peregrine.samples.shop.orders.Orders;
import dev.peregrine.samples.shop.orders.PlaceRequest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;

/** Both services, over the network. */
@Timeout(120)
class ShopTests {

    private static RunningShop shop;
    private static ConfigurableApplicationContext application;
    private static ManagedChannel channel;
    private static Orders.Client orders;

    @BeforeAll
    static void open() {
        shop = new RunningShop();
        application = shop.open();
        channel = ManagedChannel.builder(RunningShop.targetOf(application)).build();
        orders = Orders.Client.create(channel).withDeadlineAfter(Duration.ofSeconds(60));
    }

    @AfterAll
    static void close() {
        channel.close();
        shop.close();
    }

    @Test
    void whatIsThereIsOrdered() {
        Order order = orders.place(request("ada", "book", 2));
        assertThat(order.getId()).isNotBlank();
        assertThat(order.getLines(0).getItem()).isEqualTo("book");
    }

    @Test
    void whatIsSoldOutIsSaidByItsName() {
        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> orders.place(request("ada", "lamp", 2)))
                .satisfies(failure -> {
                    assertThat(failure.code()).isEqualTo(StatusCode.FAILED_PRECONDITION);
                    assertThat(StatusDetails.of(failure)
                                    .first(PreconditionFailure.class)
                                    .orElseThrow()
                                    .getViolations(0)
                                    .getSubject())
                            .isEqualTo("lamp");
                });
    }

    @Test
    void eachFieldThatBreaksARuleIsNamed() {
        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> orders.place(request("", "pen", 0)))
                .satisfies(failure -> {
                    assertThat(failure.code()).isEqualTo(StatusCode.INVALID_ARGUMENT);
                    assertThat(StatusDetails.of(failure)
                                    .first(BadRequest.class)
                                    .orElseThrow()
                                    .getFieldViolationsList())
                            .extracting(BadRequest.FieldViolation::getField)
                            .containsExactlyInAnyOrder("customer", "lines[0].quantity");
                });
    }

    @Test
    void whoFollowsHearsWhatBecomesOfTheirOrders() {
        try (var events = orders.follow(following("grace"))) {
            assertThat(events.read().getKind()).isEqualTo(OrderEvent.Kind.LISTENING);
            Order order = orders.place(request("grace", "pen", 1));
            orders.place(request("somebody else", "pen", 1));
            assertThat(events.read())
                    .returns(OrderEvent.Kind.PLACED, OrderEvent::getKind)
                    .returns(order.getId(), OrderEvent::getOrderId);
            assertThatExceptionOfType(StatusException.class)
                    .isThrownBy(() -> orders.place(request("grace", "lamp", 1000)));
            assertThat(events.read().getKind()).isEqualTo(OrderEvent.Kind.REFUSED);
        }
    }

    @Test
    void anInventoryThatDoesNotAnswerDoesNotKeepCustomersWaiting() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                RunningShop alone = new RunningShop();
                ManagedChannel toIt = ManagedChannel.builder(RunningShop.targetOf(alone.start(
                                "orders",
                                "--grpc.client.inventory.target=127.0.0.1:" + silent.getLocalPort(),
                                "--grpc.client.inventory.deadline=200ms",
                                "--grpc.server.methods[0].match=shop.Orders/Place",
                                "--grpc.server.methods[0].default-deadline=60s")))
                        .build()) {
            assertThatExceptionOfType(StatusException.class)
                    .isThrownBy(() -> Orders.Client.create(toIt).place(request("ada", "book", 1)))
                    .satisfies(failure -> {
                        assertThat(failure.code()).isEqualTo(StatusCode.UNAVAILABLE);
                        assertThat(failure).hasMessageContaining("the inventory does not answer");
                    });
        }
    }

    @Test
    void whoFollowsIsLetGoWhenTheShopCloses() {
        try (RunningShop alone = new RunningShop()) {
            ConfigurableApplicationContext closing = alone.start("orders", "--grpc.server.shutdown.grace-period=60s");
            try (ManagedChannel toIt = ManagedChannel.builder(RunningShop.targetOf(closing))
                            .build();
                    var events = Orders.Client.create(toIt).follow(following("ada"))) {
                assertThat(events.read().getKind()).isEqualTo(OrderEvent.Kind.LISTENING);
                closing.close();
                assertThatExceptionOfType(StatusException.class)
                        .isThrownBy(events::read)
                        .satisfies(end -> assertThat(end.code()).isEqualTo(StatusCode.UNAVAILABLE)); // try another one
            }
        }
    }

    @Test
    void healthIsToldForTheServiceByItsName() {
        Health.Client health = Health.Client.create(channel).withDeadlineAfter(Duration.ofSeconds(60));
        assertThat(health.check(HealthCheckRequest.newBuilder()
                                .setService("shop.Orders")
                                .build())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void theActuatorShowsWhatIsServed() throws Exception {
        String port = application.getEnvironment().getRequiredProperty("local.server.port");
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/grpc"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("shop.Orders").contains("inventory");
    }

    private static PlaceRequest request(String customer, String item, int quantity) {
        PlaceRequest.Builder request = PlaceRequest.newBuilder().setCustomer(customer);
        request.addLinesBuilder().setItem(item).setQuantity(quantity);
        return request.build();
    }

    private static FollowRequest following(String customer) {
        return FollowRequest.newBuilder().setCustomer(customer).build();
    }
}
