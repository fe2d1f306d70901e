// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

/** The version of this runtime, as its jar states it. */
final class RuntimeVersion {

    static final String VERSION = read();

    private RuntimeVersion() {}

    private static String read() {
        String version = RuntimeVersion.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
