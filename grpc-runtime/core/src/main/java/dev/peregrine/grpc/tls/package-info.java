/**
 * What is set about TLS, for servers and clients: who we are, whom we trust, what is asked of the other side. Settings only;
 * the transport that speaks TLS makes of them what it needs.
 *
 * <p>Who may come in: applications, for {@link dev.peregrine.grpc.tls.ServerTls}, {@link dev.peregrine.grpc.tls.ClientTls}
 * and, to replace them while a server or a channel runs, {@link dev.peregrine.grpc.tls.TlsSource}; the rooms that carry them.
 *
 * <p>Thread rule: all settings are immutable; a source may be replaced from any thread. Start reading at {@code ServerTls}.
 */
@NullMarked
package dev.peregrine.grpc.tls;

import org.jspecify.annotations.NullMarked;
