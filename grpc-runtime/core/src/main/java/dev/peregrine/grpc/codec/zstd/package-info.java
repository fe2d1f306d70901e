/**
 * The encoding {@code zstd}, for those who put {@code com.github.luben:zstd-jni} on their class path; the runtime does not
 * bring it. Also the example of an encoding that was not built in.
 *
 * <p>Who may come in: applications. Thread rule: that of {@link dev.peregrine.grpc.codec.MessageEncoding}. Start reading at
 * {@link dev.peregrine.grpc.codec.zstd.ZstdEncoding}.
 */
@NullMarked
package dev.peregrine.grpc.codec.zstd;

import org.jspecify.annotations.NullMarked;
