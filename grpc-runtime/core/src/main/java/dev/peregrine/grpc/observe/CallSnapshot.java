// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.observe;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call that is open.
 *
 * @param method the full name, such as {@code shop.v1.Orders/Place}
 * @param age how long it has been open; null at a client's end, which does not note when calls begin
 * @param remaining how long its caller still waits, negative if the deadline has passed; null if it waits for ever
 */
public record CallSnapshot(
        String method, @Nullable Duration age, @Nullable Duration remaining) {}
