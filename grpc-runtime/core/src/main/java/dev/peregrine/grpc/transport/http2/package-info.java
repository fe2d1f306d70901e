/**
 * HTTP/2: the only room with Netty channels. Connections, their streams, windows and settings; below it frames, above it
 * the waist that {@code dev.peregrine.grpc.transport} describes.
 *
 * <p>Who may come in: whoever starts a server or opens a connection.
 *
 * <p>Thread rule: a connection and all its streams belong to the event loop of its socket. There are no locks and no volatile
 * fields here, but for what is marked {@code AnyThread}, and for {@code EventLoops}, which counts under a lock who uses the
 * loops and which no call comes by. Other threads post letters to the {@code Mailbox}.
 *
 * <p>Start reading at {@code Connection}; what comes in goes from {@code FrameReader} to {@code FrameHandler}, what goes out
 * through {@code HeaderBlocks} and {@code FrameOutput}. The tests {@code rfc9113} and {@code rfc7541} read like those RFCs.
 * The rest stands around these, in clusters:
 *
 * <ul>
 *   <li>calls: {@code Http2Stream} in its layers, {@code ServerCallStream} and {@code ClientCallStream}, {@code Role}
 *   <li>frames: {@code Preface}, {@code FrameInput}, {@code FrameReader}, {@code FrameHandler}, {@code FrameOutput},
 *       {@code WriteBatch}
 *   <li>header blocks and HPACK: {@code HeaderSink}, {@code FieldBlock}, {@code RequestRules}, {@code ResponseRules},
 *       {@code HeaderBlocks}, {@code HpackEncoder}, {@code FieldListLimit}
 *   <li>flow control: {@code ConnectionWindows}, {@code ReceiveWindow}, {@code SendWindow}, {@code WindowTuning},
 *       {@code SendQueue}, {@code SendScheduler}, {@code ByteAccount}
 *   <li>floods: {@code ResetGuard}, {@code EmptyDataGuard}, {@code UnreadGuard}, {@code FrameBudget}, {@code PingEnforcement},
 *       {@code ResetMemory}
 *   <li>life: {@code Greeting}, {@code KeepAlivePings}, {@code IdleWatch}, {@code LifeSpan}, {@code Breaches},
 *       {@code Farewell}
 *   <li>TLS: {@code TlsStage}, {@code TlsGate}, {@code TlsContexts}, {@code WithoutAlpn}
 *   <li>sockets: {@code Http2Server}, {@code Listeners}, {@code Admission}, {@code Http2Client}, {@code HttpTunnel},
 *       {@code EventLoops}, {@code Sockets}
 * </ul>
 */
@NullMarked
package dev.peregrine.grpc.transport.http2;

import org.jspecify.annotations.NullMarked;
