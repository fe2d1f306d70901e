// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.health;

import java.util.Map;

/** The health contributors of the application, whoever knows them. */
@FunctionalInterface
interface Contributors {

    /** An application without Spring Boot's health. */
    Contributors NONE = Map::of;

    /** Whether each of them is up, by name; may block. */
    Map<String, Boolean> check();
}
