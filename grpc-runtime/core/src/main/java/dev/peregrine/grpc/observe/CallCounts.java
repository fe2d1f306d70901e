// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.observe;

/**
 * How calls went.
 *
 * @param started calls that were begun, those that are open included
 * @param succeeded calls that ended with OK
 * @param failed calls that ended in any other way
 */
public record CallCounts(long started, long succeeded, long failed) {

    public static final CallCounts NONE = new CallCounts(0, 0, 0);

    public CallCounts plus(CallCounts more) {
        return new CallCounts(started + more.started, succeeded + more.succeeded, failed + more.failed);
    }
}
