// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.secured;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.stub.ResponseWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.security.core.context.SecurityContextHolder;

/** Knows nothing of tokens and certificates: whoever gets here may, and has a name. */
@GrpcService
class AccountsService implements Accounts.Service {

    private final Map<String, Long> balances = new HashMap<>(Map.of("ada", 100L, "grace", 20L));
    private final List<Booking> bookings = new ArrayList<>();

    @Override
    public BalanceReply balance(BalanceRequest request) {
        return BalanceReply.newBuilder()
                .setAmount(amountOf(request.getAccount()))
                .build();
    }

    @Override
    public synchronized Booking transfer(TransferRequest request) {
        long amount = request.getAmount();
        long left = amountOf(request.getFrom()) - amount;
        long more = amountOf(request.getTo()) + amount;
        if (amount <= 0 || left < 0 || request.getFrom().equals(request.getTo())) {
            throw new StatusException(StatusCode.FAILED_PRECONDITION, "this cannot be moved: " + amount);
        }
        balances.put(request.getFrom(), left);
        balances.put(request.getTo(), more);
        Booking booking = Booking.newBuilder()
                .setFrom(request.getFrom())
                .setTo(request.getTo())
                .setAmount(amount)
                .setBy(SecurityContextHolder.getContext().getAuthentication().getName())
                .build();
        bookings.add(booking);
        return booking;
    }

    @Override
    public void audit(AuditRequest request, ResponseWriter<Booking> responses) {
        copyOfBookings().forEach(responses::write);
    }

    private synchronized List<Booking> copyOfBookings() {
        return List.copyOf(bookings);
    }

    private synchronized long amountOf(String account) {
        Long amount = balances.get(account);
        if (amount == null) {
            throw new StatusException(StatusCode.NOT_FOUND, "no account " + account);
        }
        return amount;
    }
}
