// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.guide;

class ShelvesClosedException extends RuntimeException {}
