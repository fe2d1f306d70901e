# SPDX-License-Identifier: Apache-2.0
"""The interop server of grpcio, on a free port of 127.0.0.1. It ends when its standard input does."""
import sys
import time
import uuid
from concurrent import futures

import grpc

from service import (METHODS, OPTIONS, SERVICE, Empty, InputResponse, OutputResponse, SimpleResponse)

SERVER_ID = str(uuid.uuid4())
CODES = {code.value[0]: code for code in grpc.StatusCode}


def echo_metadata(context):
    for key, value in context.invocation_metadata():
        if key == "x-grpc-test-echo-initial":
            context.send_initial_metadata(((key, value),))
        elif key == "x-grpc-test-echo-trailing-bin":
            context.set_trailing_metadata(((key, value),))


def compress(context, wanted):
    """grpcio decides it for a call, and can leave out messages one by one."""
    if wanted:
        context.set_compression(grpc.Compression.Gzip)


def echo_status(request, context):
    if request.HasField("response_status"):
        context.abort(CODES[request.response_status.code], request.response_status.message)


def empty_call(request, context):
    echo_metadata(context)
    return Empty()


def unary_call(request, context):
    compress(context, request.response_compressed.value)
    echo_metadata(context)
    echo_status(request, context)
    response = SimpleResponse()
    response.payload.body = bytes(request.response_size)
    if request.fill_server_id:
        response.server_id = SERVER_ID
    return response


def output_call(request, context):
    echo_status(request, context)
    for parameters in request.response_parameters:
        time.sleep(parameters.interval_us / 1e6)
        if not parameters.compressed.value:
            context.disable_next_message_compression()
        response = OutputResponse()
        response.payload.body = bytes(parameters.size)
        yield response


def streaming_output_call(request, context):
    compress(context, any(parameters.compressed.value for parameters in request.response_parameters))
    echo_metadata(context)
    yield from output_call(request, context)


def streaming_input_call(requests, context):
    echo_metadata(context)
    return InputResponse(aggregated_payload_size=sum(len(request.payload.body) for request in requests))


def full_duplex_call(requests, context):
    echo_metadata(context)
    for request in requests:
        yield from output_call(request, context)


def half_duplex_call(requests, context):
    echo_metadata(context)
    for request in list(requests):
        yield from output_call(request, context)


BODIES = {
    "EmptyCall": empty_call,
    "UnaryCall": unary_call,
    "StreamingOutputCall": streaming_output_call,
    "StreamingInputCall": streaming_input_call,
    "FullDuplexCall": full_duplex_call,
    "HalfDuplexCall": half_duplex_call,
}


def handlers():
    for name, (kind, request, response) in METHODS.items():
        handler = getattr(grpc, kind + "_rpc_method_handler")
        yield name, handler(BODIES[name], request.FromString, response.SerializeToString)


def main():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=32), options=OPTIONS)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, dict(handlers())),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print("listening on 127.0.0.1:%d" % port, flush=True)
    sys.stdin.read()
    server.stop(0).wait(5)


main()
