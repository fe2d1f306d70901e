// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import dev.peregrine.grpc.StatusCode;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.web.client.RestClientResponseException;

/**
 * Whether an authorization server said no, or could not be asked. Spring Security reports both with the same exception; the first of
 * the causes that is clear about it counts.
 */
final class OAuth2Failures {

    /** What Spring Security calls every answer that it cannot read, status 401 and 503 among them. */
    private static final String UNREADABLE = "invalid_token_response";

    private OAuth2Failures() {}

    /** UNAVAILABLE or UNAUTHENTICATED. */
    static StatusCode code(Throwable failure) {
        StatusCode code = StatusCode.UNAUTHENTICATED;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return StatusCode.UNAVAILABLE;
            }
            if (cause instanceof RestClientResponseException answered) {
                return saysNo(answered.getStatusCode().value()) ? StatusCode.UNAUTHENTICATED : StatusCode.UNAVAILABLE;
            }
            if (cause instanceof OAuth2AuthorizationException oauth2) {
                String error = oauth2.getError().getErrorCode();
                if (error.equals(UNREADABLE)) {
                    code = StatusCode.UNAVAILABLE; // unless a cause knows better
                } else {
                    return error.equals(OAuth2ErrorCodes.SERVER_ERROR)
                                    || error.equals(OAuth2ErrorCodes.TEMPORARILY_UNAVAILABLE)
                            ? StatusCode.UNAVAILABLE
                            : StatusCode.UNAUTHENTICATED;
                }
            }
        }
        return code;
    }

    /** For the log: what went wrong, without any text of the server's, which may repeat what it was sent. */
    static String describe(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            text.append(text.isEmpty() ? "" : ", ").append(cause.getClass().getSimpleName());
            if (cause instanceof OAuth2AuthorizationException oauth2) {
                text.append(" [").append(oauth2.getError().getErrorCode()).append(']');
            } else if (cause instanceof RestClientResponseException answered) {
                text.append(" [").append(answered.getStatusCode().value()).append(']');
            }
        }
        return text.toString();
    }

    private static boolean saysNo(int status) {
        return status / 100 == 4
                && status != HttpStatus.REQUEST_TIMEOUT.value()
                && status != HttpStatus.TOO_MANY_REQUESTS.value();
    }
}
