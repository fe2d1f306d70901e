// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interceptor;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.StatusException;
import java.util.concurrent.CompletionStage;

/**
 * What tells a server who is calling, such as a {@link BearerToken} or {@link BasicCredentials}. A {@link CredentialsInterceptor}
 * puts it into calls.
 *
 * <p>For all threads.
 */
@FunctionalInterface
public interface CallCredentials {

    /** Where HTTP credentials travel: RFC 9110 §11.6.2. */
    MetadataKey<String> AUTHORIZATION = MetadataKey.ascii("authorization");

    /**
     * What to send with a call. Asked on the thread that makes the call, once for each; must not block. What is done already when
     * this returns costs the call next to nothing; otherwise the call is held until it is done.
     *
     * @param authority the name that the server is called by
     * @return fails with a {@link StatusException} to end the call with that status; any other failure ends it with
     *     UNAUTHENTICATED, without its text
     */
    CompletionStage<Metadata> forCall(MethodDescriptor<?, ?> method, String authority);
}
