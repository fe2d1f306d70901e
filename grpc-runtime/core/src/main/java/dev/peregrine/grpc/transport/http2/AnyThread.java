// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the few things of this room that threads other than the event loop may touch, and that are made for it:
 * methods that post to the {@link Mailbox}, and fields that are volatile for a stated reason.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.FIELD, ElementType.TYPE})
@interface AnyThread {}
