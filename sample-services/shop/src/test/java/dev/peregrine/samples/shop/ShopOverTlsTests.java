// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.samples.shop.inventory.Inventory;
import dev.peregrine.samples.shop.inventory.ReserveRequest;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** The profile {@code tls}: what is plain without it is encrypted with it, and the inventory asks who calls. */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class ShopOverTlsTests {

    @TempDir
    private Path certificates;

    @BeforeEach
    void issue() throws Exception {
        X509Bundle authority = new CertificateBuilder()
                .subject("CN=shop")
                .setIsCertificateAuthority(true)
                .setKeyUsage(true, KeyUsage.keyCertSign)
                .buildSelfSigned();
        X509Bundle everybody = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .buildIssuedBy(authority);
        Files.writeString(certificates.resolve("shop.crt"), everybody.getCertificatePathPEM());
        Files.writeString(certificates.resolve("shop.key"), everybody.getPrivateKeyPEM());
        Files.writeString(certificates.resolve("authority.crt"), authority.getCertificatePEM());
    }

    @Test
    void theCustomerIsServedAndNobodyWithoutACertificateReachesTheInventory(CapturedOutput output) {
        try (RunningShop shop =
                new RunningShop("--spring.profiles.active=tls", "--shop.certificates=" + certificates)) {
            ConfigurableApplicationContext inventory = shop.start("inventory");
            ConfigurableApplicationContext orders = shop.start(
                    "orders",
                    "--grpc.client.inventory.target=" + RunningShop.targetOf(inventory),
                    "--grpc.client.inventory.deadline=20s");
            shop.start("customer", "--grpc.client.orders.target=" + RunningShop.targetOf(orders));

            assertThat(output)
                    .contains("ordered 2 book")
                    .contains("FAILED_PRECONDITION", "sold out: lamp")
                    .contains("INVALID_ARGUMENT", "lines[0].quantity");
            assertThatExceptionOfType(StatusException.class)
                    .isThrownBy(() -> reserveInPlaintext(inventory))
                    .satisfies(failure -> assertThat(failure.code()).isEqualTo(StatusCode.UNAVAILABLE));
        }
    }

    private static void reserveInPlaintext(ConfigurableApplicationContext inventory) {
        try (ManagedChannel channel =
                ManagedChannel.builder(RunningShop.targetOf(inventory)).build()) {
            Inventory.Client.create(channel).reserve(ReserveRequest.getDefaultInstance());
        }
    }
}
