// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.secured;

import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.interceptor.BearerToken;
import dev.peregrine.grpc.interceptor.CredentialsInterceptor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Calls as several people, over TLS, and prints what each is told. It is lazy because its server is this very application,
 * which by then has its port.
 */
@Component
@Lazy
class Customers implements ApplicationRunner {

    private final Accounts.Client accounts;
    private final Accounts.Client audit;
    private final Tokens tokens;

    Customers(
            @GrpcClient("accounts") Accounts.Client accounts,
            @GrpcClient("audit") Accounts.Client audit,
            @Value("${secured.keys}") Path keys) {
        this.accounts = accounts;
        this.audit = audit;
        this.tokens = new Tokens(keys);
    }

    @Override
    public void run(ApplicationArguments arguments) {
        Accounts.Client tom = as("tom", "TELLER");
        Accounts.Client mary = as("mary", "MANAGER");
        say("nobody asks for ada's balance", () -> balance(accounts));
        say("tom, a teller, asks for ada's balance", () -> balance(tom));
        say("tom moves 50 from ada to grace", () -> transfer(tom));
        say("mary, a manager, moves 50 from ada to grace", () -> transfer(mary));
        say("mary audits", () -> bookings(mary));
        say("the nightly audit audits, by its certificate", () -> bookings(audit));
    }

    /** The client, with a token for this person. */
    private Accounts.Client as(String name, String role) {
        return accounts.withInterceptors(CredentialsInterceptor.of(BearerToken.of(tokens.issue(name, List.of(role)))));
    }

    private static String balance(Accounts.Client client) {
        return "it is "
                + client.balance(BalanceRequest.newBuilder().setAccount("ada").build())
                        .getAmount();
    }

    private static String transfer(Accounts.Client client) {
        Booking booking = client.transfer(TransferRequest.newBuilder()
                .setFrom("ada")
                .setTo("grace")
                .setAmount(50)
                .build());
        return "moved by " + booking.getBy();
    }

    private static String bookings(Accounts.Client client) {
        List<String> texts = new ArrayList<>();
        try (var bookings = client.audit(AuditRequest.getDefaultInstance())) {
            bookings.forEach(booking -> texts.add(booking.getAmount() + " by " + booking.getBy()));
        }
        return String.join(", ", texts);
    }

    private static void say(String what, Supplier<String> call) {
        System.out.println(what);
        try {
            System.out.println("  " + call.get());
        } catch (StatusException refusal) {
            System.out.println("  " + refusal.getMessage());
        }
    }
}
