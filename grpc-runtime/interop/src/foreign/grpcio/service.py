# SPDX-License-Identifier: Apache-2.0
"""grpc.testing.TestService for grpcio, from a descriptor set instead of generated code."""
import os

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

# The largest message that both sides take, as in our own server and client.
OPTIONS = [("grpc.max_receive_message_length", 16 << 20), ("grpc.max_send_message_length", 16 << 20)]

SERVICE = "grpc.testing.TestService"

_pool = descriptor_pool.DescriptorPool()


def _load():
    files = descriptor_pb2.FileDescriptorSet()
    with open(os.environ["INTEROP_DESCRIPTORS"], "rb") as file:
        files.ParseFromString(file.read())
    for one in files.file:
        _pool.Add(one)


def _message(name):
    return message_factory.MessageFactory(_pool).GetPrototype(_pool.FindMessageTypeByName("grpc.testing." + name))


_load()
Empty = _message("Empty")
SimpleRequest = _message("SimpleRequest")
SimpleResponse = _message("SimpleResponse")
InputRequest = _message("StreamingInputCallRequest")
InputResponse = _message("StreamingInputCallResponse")
OutputRequest = _message("StreamingOutputCallRequest")
OutputResponse = _message("StreamingOutputCallResponse")

# Name: kind, request, response.
METHODS = {
    "EmptyCall": ("unary_unary", Empty, Empty),
    "UnaryCall": ("unary_unary", SimpleRequest, SimpleResponse),
    "StreamingOutputCall": ("unary_stream", OutputRequest, OutputResponse),
    "StreamingInputCall": ("stream_unary", InputRequest, InputResponse),
    "FullDuplexCall": ("stream_stream", OutputRequest, OutputResponse),
    "HalfDuplexCall": ("stream_stream", OutputRequest, OutputResponse),
}
