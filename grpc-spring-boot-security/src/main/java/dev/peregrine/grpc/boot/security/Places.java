// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import java.util.concurrent.Semaphore;

/**
 * How many credentials are checked at once, by all chains of an application together.
 *
 * @param checks for what waits for something or is slow by design: passwords, opaque tokens, providers of the application
 * @param keys for JWTs whose key may have to be fetched. They have places of their own: the one may hang while the other works
 */
record Places(Semaphore checks, Semaphore keys) {

    static Places of(int each) {
        return new Places(new Semaphore(each), new Semaphore(each));
    }
}
