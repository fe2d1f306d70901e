// SPDX-License-Identifier: Apache-2.0
// The services of interop.proto for @grpc/grpc-js.
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const definition = loader.loadSync(process.env.INTEROP_PROTO, { keepCase: true, defaults: true });

exports.testing = grpc.loadPackageDefinition(definition).grpc.testing;

// The largest message that both sides take, as in our own server and client.
exports.options = { 'grpc.max_receive_message_length': 16 << 20, 'grpc.max_send_message_length': 16 << 20 };
