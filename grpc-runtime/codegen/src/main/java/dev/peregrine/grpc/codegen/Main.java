// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * The program that protoc starts: reads one {@code CodeGeneratorRequest} from standard input, writes one
 * {@code CodeGeneratorResponse} to standard output.
 *
 * <p>Exit codes follow {@code plugin.proto}: what is wrong with the {@code .proto} files travels in the response's
 * {@code error} field and the program ends with 0; a request that cannot be read at all is said on standard error too,
 * and the program ends with 1.
 */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(System.in, System.out, System.err));
    }

    static int run(InputStream in, OutputStream out, PrintStream warnings) {
        try {
            return answer(in, out, warnings);
        } catch (IOException e) {
            warnings.println("grpc-codegen: lost the connection to protoc: " + e.getMessage());
            return 1;
        }
    }

    private static int answer(InputStream in, OutputStream out, PrintStream warnings) throws IOException {
        byte[] bytes = in.readAllBytes();
        CodeGeneratorRequest request;
        try {
            request = CodeGeneratorRequest.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            String error = "standard input holds " + bytes.length + " bytes that are no CodeGeneratorRequest ("
                    + e.getMessage() + "); this program is a protoc plugin and is started by protoc";
            warnings.println("grpc-codegen: " + error);
            Generator.failure(error).writeTo(out);
            out.flush();
            return 1;
        }
        CodeGeneratorResponse response =
                new Generator(warning -> warnings.println("grpc-codegen: " + warning)).generate(request);
        response.writeTo(out);
        out.flush();
        return 0;
    }
}
