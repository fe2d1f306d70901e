// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test.slice;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An application to take slices of, in a package of its own because it is scanned. */
@SpringBootApplication
class SlicedApplication {}
