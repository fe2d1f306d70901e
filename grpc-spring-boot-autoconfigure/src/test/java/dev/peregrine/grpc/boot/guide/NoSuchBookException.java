// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.guide;

class NoSuchBookException extends RuntimeException {

    private final String title;

    NoSuchBookException(String title) {
        super("shelf 12, row 4: " + title);
        this.title = title;
    }

    String title() {
        return title;
    }
}
