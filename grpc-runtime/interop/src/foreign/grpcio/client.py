# SPDX-License-Identifier: Apache-2.0
"""The interop client of grpcio: client.py PORT CASE. Exit code 0 if the case passed."""
import queue
import sys

import grpc

from service import METHODS, OPTIONS, SERVICE, Empty, InputRequest, OutputRequest, SimpleRequest

PATIENCE = 30
REQUEST_SIZE = 271828
RESPONSE_SIZE = 314159
ECHO_INITIAL = ("x-grpc-test-echo-initial", "test_initial_metadata_value")
ECHO_TRAILING = ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab")
SPECIAL_MESSAGE = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"


class Requests:
    """A stream of requests that are written one by one."""

    def __init__(self):
        self.queue = queue.Queue()

    def write(self, request):
        self.queue.put(request)

    def close(self):
        self.queue.put(None)

    def __iter__(self):
        return iter(self.queue.get, None)


class Stub:
    def __init__(self, channel):
        for name, (kind, request, response) in METHODS.items():
            setattr(self, name, self.method(channel, kind, SERVICE, name, request, response))
        self.UnimplementedCall = self.method(channel, "unary_unary", SERVICE, "UnimplementedCall", Empty, Empty)
        self.UnimplementedService = self.method(
            channel, "unary_unary", "grpc.testing.UnimplementedService", "UnimplementedCall", Empty, Empty)

    @staticmethod
    def method(channel, kind, service, name, request, response):
        return getattr(channel, kind)(
            "/%s/%s" % (service, name),
            request_serializer=request.SerializeToString,
            response_deserializer=response.FromString)


def expect(what, expected, found):
    if expected != found:
        raise AssertionError("%s: %r (expected: %r)" % (what, found, expected))


def expect_zeros(size, payload):
    expect("the size of the payload", size, len(payload.body))
    expect("bytes other than zero", 0, len(payload.body.strip(b"\0")))


def failure(call):
    try:
        found = call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call was answered: %r" % found)


def large_request():
    request = SimpleRequest(response_size=RESPONSE_SIZE)
    request.payload.body = bytes(REQUEST_SIZE)
    return request


def ping(request_size, *response_sizes):
    request = OutputRequest()
    request.payload.body = bytes(request_size)
    for size in response_sizes:
        request.response_parameters.add(size=size)
    return request


def empty_unary(stub):
    expect("the response", Empty(), stub.EmptyCall(Empty(), timeout=PATIENCE))


def large_unary(stub):
    expect_zeros(RESPONSE_SIZE, stub.UnaryCall(large_request(), timeout=PATIENCE).payload)


def client_compressed_unary(stub):
    compressed = large_request()
    compressed.expect_compressed.value = True
    error = failure(lambda: stub.UnaryCall(compressed, timeout=PATIENCE))
    expect("the status of a plain request", grpc.StatusCode.INVALID_ARGUMENT, error.code())

    response = stub.UnaryCall(compressed, timeout=PATIENCE, compression=grpc.Compression.Gzip)
    expect_zeros(RESPONSE_SIZE, response.payload)

    plain = large_request()
    plain.expect_compressed.value = False
    expect_zeros(RESPONSE_SIZE, stub.UnaryCall(plain, timeout=PATIENCE).payload)


def server_compressed_unary(stub):
    """grpcio does not show the flag: what can be seen is that the response can be read."""
    for compressed in (True, False):
        request = large_request()
        request.response_compressed.value = compressed
        expect_zeros(RESPONSE_SIZE, stub.UnaryCall(request, timeout=PATIENCE).payload)


def server_compressed_streaming(stub):
    request = OutputRequest()
    for size, compressed in ((31415, True), (92653, False)):
        request.response_parameters.add(size=size).compressed.value = compressed
    responses = list(stub.StreamingOutputCall(request, timeout=PATIENCE))
    expect("the sizes", [31415, 92653], [len(response.payload.body) for response in responses])


def client_streaming(stub):
    requests = []
    for size in (27182, 8, 1828, 45904):
        request = InputRequest()
        request.payload.body = bytes(size)
        requests.append(request)
    response = stub.StreamingInputCall(iter(requests), timeout=PATIENCE)
    expect("aggregated_payload_size", 74922, response.aggregated_payload_size)


def server_streaming(stub):
    sizes = (31415, 9, 2653, 58979)
    responses = list(stub.StreamingOutputCall(ping(0, *sizes), timeout=PATIENCE))
    expect("the number of responses", len(sizes), len(responses))
    for size, response in zip(sizes, responses):
        expect_zeros(size, response.payload)


def ping_pong(stub):
    requests = Requests()
    call = stub.FullDuplexCall(iter(requests), timeout=PATIENCE)
    for request_size, response_size in ((27182, 31415), (8, 9), (1828, 2653), (45904, 58979)):
        requests.write(ping(request_size, response_size))
        expect_zeros(response_size, next(call).payload)
    requests.close()
    expect("further responses", [], list(call))


def empty_stream(stub):
    expect("the responses", [], list(stub.FullDuplexCall(iter(()), timeout=PATIENCE)))


def custom_metadata(stub):
    metadata = (ECHO_INITIAL, ECHO_TRAILING)
    response, call = stub.UnaryCall.with_call(large_request(), timeout=PATIENCE, metadata=metadata)
    expect_zeros(RESPONSE_SIZE, response.payload)
    expect_echo(call)

    request = ping(REQUEST_SIZE, RESPONSE_SIZE)
    call = stub.FullDuplexCall(iter((request,)), timeout=PATIENCE, metadata=metadata)
    expect("the number of responses", 1, len(list(call)))
    expect_echo(call)


def expect_echo(call):
    initial = [(key, value) for key, value in call.initial_metadata() if key == ECHO_INITIAL[0]]
    trailing = [(key, value) for key, value in call.trailing_metadata() if key == ECHO_TRAILING[0]]
    expect("the initial metadata", [ECHO_INITIAL], initial)
    expect("the trailing metadata", [ECHO_TRAILING], trailing)


def expect_status(message, error):
    expect("the status", grpc.StatusCode.UNKNOWN, error.code())
    expect("the message", message, error.details())


def status_code_and_message(stub):
    message = "test status message"
    unary = SimpleRequest()
    unary.response_status.code = 2
    unary.response_status.message = message
    expect_status(message, failure(lambda: stub.UnaryCall(unary, timeout=PATIENCE)))

    duplex = OutputRequest()
    duplex.response_status.code = 2
    duplex.response_status.message = message
    expect_status(message, failure(lambda: list(stub.FullDuplexCall(iter((duplex,)), timeout=PATIENCE))))


def special_status_message(stub):
    request = SimpleRequest()
    request.response_status.code = 2
    request.response_status.message = SPECIAL_MESSAGE
    expect_status(SPECIAL_MESSAGE, failure(lambda: stub.UnaryCall(request, timeout=PATIENCE)))


def unimplemented_method(stub):
    error = failure(lambda: stub.UnimplementedCall(Empty(), timeout=PATIENCE))
    expect("the status", grpc.StatusCode.UNIMPLEMENTED, error.code())


def unimplemented_service(stub):
    error = failure(lambda: stub.UnimplementedService(Empty(), timeout=PATIENCE))
    expect("the status", grpc.StatusCode.UNIMPLEMENTED, error.code())


def cancel_after_begin(stub):
    empty_unary(stub)  # The connection must be there, or the cancelled call never leaves.
    requests = Requests()
    call = stub.StreamingInputCall.future(iter(requests), timeout=PATIENCE)
    call.cancel()
    requests.close()
    expect("the status", grpc.StatusCode.CANCELLED, call.code())


def cancel_after_first_response(stub):
    requests = Requests()
    call = stub.FullDuplexCall(iter(requests), timeout=PATIENCE)
    requests.write(ping(27182, 31415))
    expect_zeros(31415, next(call).payload)
    call.cancel()
    requests.close()
    expect("the status", grpc.StatusCode.CANCELLED, failure(lambda: next(call)).code())


def timeout_on_sleeping_server(stub):
    requests = Requests()
    call = stub.FullDuplexCall(iter(requests), timeout=0.001)
    requests.write(ping(27182))
    expect("the status", grpc.StatusCode.DEADLINE_EXCEEDED, failure(lambda: next(call)).code())
    requests.close()


def very_large_request(stub):
    request = SimpleRequest(response_size=10)
    request.payload.body = bytes(10 << 20)
    expect_zeros(10, stub.UnaryCall(request, timeout=PATIENCE).payload)


def pick_first_unary(stub):
    request = SimpleRequest(fill_server_id=True)
    ids = {stub.UnaryCall(request, timeout=PATIENCE).server_id for _ in range(100)}
    expect("the number of servers", 1, len(ids))
    expect("a server without an id", False, "" in ids)


def concurrent_large_unary(stub):
    calls = [stub.UnaryCall.future(large_request(), timeout=300) for _ in range(1000)]
    for call in calls:
        expect_zeros(RESPONSE_SIZE, call.result().payload)


def main():
    port, case = sys.argv[1:]
    with grpc.insecure_channel("127.0.0.1:" + port, options=OPTIONS) as channel:
        globals()[case](Stub(channel))
    print(case + " passed")


main()
