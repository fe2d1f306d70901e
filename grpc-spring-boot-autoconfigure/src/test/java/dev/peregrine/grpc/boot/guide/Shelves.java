// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.guide;

import org.springframework.dao.OptimisticLockingFailureException;

/** Holds one book, which others have their hands on. */
class Shelves {

    Book find(String title) {
        if (!title.equals("Dune")) {
            throw new NoSuchBookException(title);
        }
        return Book.newBuilder().setTitle(title).build();
    }

    Book take(String title, int days) {
        if (days > 21) {
            throw new OptimisticLockingFailureException("somebody else took " + title);
        }
        return find(title);
    }
}
