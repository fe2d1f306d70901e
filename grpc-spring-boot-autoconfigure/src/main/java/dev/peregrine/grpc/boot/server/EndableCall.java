// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.server.ForwardingServerCall;
import dev.peregrine.grpc.server.ServerCall;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A call that an interceptor may end while the handler is at work, because a message breaks the rules. The answer is given then:
 * what the handler still sends goes nowhere, and what it fails with comes of being stopped: that is no news, neither for the log
 * nor for advice.
 *
 * <p>For the rooms of the starter; it may change with them.
 *
 * <p>Thread rule: handlers may send from a thread that is not the one which hears the requests; one of them ends the call.
 */
public class EndableCall<Q, R> extends ForwardingServerCall<Q, R> {

    private static final Log log = LogFactory.getLog(EndableCall.class);

    // Guarded by this.
    private boolean ended;

    /** Passes everything on until it is ended. */
    public EndableCall(ServerCall<Q, R> call) {
        super(call);
    }

    /** Answers with what was thrown, unless the handler was faster. */
    public final void end(Throwable violation) {
        synchronized (this) {
            ended = true;
        }
        super.fail(violation); // Alone: the handler sends nothing from now on.
    }

    /** Whether it was ended here; the handler, the caller or the transport may have ended it besides. */
    public final synchronized boolean hasEnded() {
        return ended;
    }

    @Override
    public synchronized void sendHeaders() {
        if (!ended) {
            super.sendHeaders();
        }
    }

    @Override
    public void send(R response) {
        synchronized (this) {
            if (!ended) {
                super.send(response);
            }
        }
    }

    @Override
    public synchronized boolean isReady() {
        return !ended && super.isReady();
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
        if (!ended) {
            super.close(status, trailers);
        }
    }

    @Override
    public synchronized void fail(Throwable thrown) {
        if (ended) {
            dropped(thrown);
        } else {
            super.fail(thrown);
        }
    }

    /** Runs an event of the handler. */
    public final void guarded(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException thrown) {
            if (!hasEnded()) {
                throw thrown;
            }
            dropped(thrown);
        }
    }

    private void dropped(Throwable thrown) {
        log.debug("The handler of " + method().fullName() + " failed behind a request that broke the rules", thrown);
    }
}
