// SPDX-License-Identifier: Apache-2.0
/**
 * What tests of applications with Spring Security use: users that do not exist make calls, and what is open is asserted.
 *
 * <p>Who may come in: tests. Thread rule: a test's user is that of the thread which makes the call. Start reading at
 * {@code MockCallers}.
 */
@NullMarked
package dev.peregrine.grpc.boot.test.security;

import org.jspecify.annotations.NullMarked;
