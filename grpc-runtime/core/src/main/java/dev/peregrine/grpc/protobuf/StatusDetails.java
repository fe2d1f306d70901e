// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.protobuf;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a failed call says beyond code and text: messages such as {@code BadRequest}, {@code RetryInfo} or
 * {@code ErrorInfo} in a {@code google.rpc.Status}, which travels in the trailer {@code grpc-status-details-bin}
 * (PROTOCOL-HTTP2.md, Status-Details).
 *
 * <p>A service throws what {@link #exception} makes, or fails a stage or a publisher with it:
 *
 * <pre>{@code
 * throw StatusDetails.exception(StatusCode.INVALID_ARGUMENT, "the order is not complete", badRequest);
 * }</pre>
 *
 * <p>A client asks the exception it caught:
 *
 * <pre>{@code
 * StatusDetails.of(failure).first(BadRequest.class).ifPresent(this::show);
 * }</pre>
 *
 * <p>Reading never throws: what a peer sent must not hide how the call ended. Details that cannot be used are left out,
 * and {@link #flaw} says why. Immutable, so any thread may use it.
 */
public final class StatusDetails {

    /** The trailer as it travels; for who relays details without looking into them. */
    public static final MetadataKey<byte[]> KEY = MetadataKey.binary("grpc-status-details-bin");

    private final com.google.rpc.Status status;
    private final @Nullable String flaw;

    private StatusDetails(com.google.rpc.Status status, @Nullable String flaw) {
        this.status = status;
        this.flaw = flaw;
    }

    // ---- for those who answer ----

    /**
     * The exception that ends a call with this status, details included.
     *
     * @throws IllegalArgumentException if the status' code is OK or none of gRPC's
     */
    public static StatusException exception(com.google.rpc.Status status) {
        return exception(status, Metadata.EMPTY);
    }

    /**
     * The same, with further trailers. Details that are among them already are replaced.
     *
     * @throws IllegalArgumentException if the status' code is OK or none of gRPC's
     */
    public static StatusException exception(com.google.rpc.Status status, Metadata trailers) {
        StatusCode code = StatusCode.of(status.getCode());
        if (code == StatusCode.OK || code.value() != status.getCode()) {
            throw new IllegalArgumentException("the code of google.rpc.Status: " + status.getCode()
                    + " (expected: 1 to " + (StatusCode.values().length - 1) + ", the codes of calls that fail)");
        }
        String description = status.getMessage().isEmpty() ? null : status.getMessage();
        return Status.of(code, description)
                .asException(trailers.toBuilder().set(KEY, status.toByteArray()).build());
    }

    /**
     * The exception that ends a call with this code, this text, and these details in this order.
     *
     * @param message for the developer at the other end; what users are to read goes into a {@code LocalizedMessage}
     * @param details each becomes a {@code google.protobuf.Any}, unless it is one
     * @throws IllegalArgumentException if the code is OK
     */
    public static StatusException exception(StatusCode code, String message, Message... details) {
        com.google.rpc.Status.Builder status =
                com.google.rpc.Status.newBuilder().setCode(code.value()).setMessage(message);
        for (Message detail : details) {
            status.addDetails(detail instanceof Any packed ? packed : Any.pack(detail));
        }
        return exception(status.build());
    }

    // ---- for those who ask ----

    /** What this exception says in detail; empty if it says no more than its status. */
    public static StatusDetails of(StatusException failure) {
        return of(failure.status(), failure.trailers());
    }

    /** What the end of a call says in detail, as interceptors hear it. */
    public static StatusDetails of(Status status, Metadata trailers) {
        byte[] bytes = trailers.get(KEY);
        if (bytes == null) {
            return new StatusDetails(withoutDetails(status), null);
        }
        com.google.rpc.Status details;
        try {
            details = com.google.rpc.Status.parseFrom(bytes);
        } catch (InvalidProtocolBufferException malformed) {
            return flawed(status, "is not a valid google.rpc.Status: " + malformed.getMessage());
        }
        if (details.getCode() == 0) {
            details = details.toBuilder().setCode(status.code().value()).build();
        }
        // PROTOCOL-HTTP2.md, Responses: a code in here must not contradict grpc-status, and the receiver verifies that.
        if (details.getCode() != status.code().value()) {
            return flawed(
                    status,
                    "has code " + details.getCode() + ", but the call ended with "
                            + status.code().value() + " (" + status.code() + ")");
        }
        return new StatusDetails(details, null);
    }

    /**
     * The status with all its details. Its code is always that of the call; without usable details its message is the
     * status' description.
     */
    public com.google.rpc.Status status() {
        return status;
    }

    /** The first detail of this type, if there is one that can be decoded. */
    public <M extends Message> Optional<M> first(Class<M> type) {
        for (Any detail : status.getDetailsList()) {
            M decoded = decode(detail, type);
            if (decoded != null) {
                return Optional.of(decoded);
            }
        }
        return Optional.empty();
    }

    /** All details of this type that can be decoded, in order. */
    public <M extends Message> List<M> all(Class<M> type) {
        List<M> all = new ArrayList<>();
        for (Any detail : status.getDetailsList()) {
            M decoded = decode(detail, type);
            if (decoded != null) {
                all.add(decoded);
            }
        }
        return List.copyOf(all);
    }

    /** Why the details that came are left out, all of them; null if they are here, or none came. */
    public @Nullable String flaw() {
        return flaw;
    }

    @Override
    public String toString() {
        String types = String.join(
                ", ",
                status.getDetailsList().stream()
                        .map(detail -> detail.getTypeUrl()
                                .substring(detail.getTypeUrl().lastIndexOf('/') + 1))
                        .toList());
        return "StatusDetails[" + StatusCode.of(status.getCode()) + ": " + types + (flaw == null ? "" : "; " + flaw)
                + "]";
    }

    private static <M extends Message> @Nullable M decode(Any detail, Class<M> type) {
        try {
            return detail.is(type) ? detail.unpack(type) : null;
        } catch (InvalidProtocolBufferException malformed) {
            return null;
        }
    }

    private static StatusDetails flawed(Status status, String what) {
        return new StatusDetails(withoutDetails(status), KEY + " " + what);
    }

    private static com.google.rpc.Status withoutDetails(Status status) {
        com.google.rpc.Status.Builder bare =
                com.google.rpc.Status.newBuilder().setCode(status.code().value());
        return (status.description() == null ? bare : bare.setMessage(status.description())).build();
    }
}
