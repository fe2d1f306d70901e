/**
 * Requests are what their rules say before a service sees them: rules in proto files (protovalidate), and those of Jakarta
 * Validation on messages or on the services' methods. What is wrong reaches the caller as INVALID_ARGUMENT, field by field.
 *
 * <p>Who may come in: nobody; it is there when one of the two libraries is. Thread rule: rules are looked up when a server
 * starts; requests are checked on the thread of their call. Start reading at {@code ValidatingInterceptor}.
 */
@NullMarked
package dev.peregrine.grpc.boot.validation;

import org.jspecify.annotations.NullMarked;
