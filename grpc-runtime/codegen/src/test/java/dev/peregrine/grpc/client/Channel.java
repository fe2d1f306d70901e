// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import java.util.ArrayList;
import java.util.List;

/** Records the calls made on it. */
public final class Channel {
    public final List<List<Object>> calls = new ArrayList<>();

    public void record(Object... call) {
        calls.add(List.of(call));
    }
}
