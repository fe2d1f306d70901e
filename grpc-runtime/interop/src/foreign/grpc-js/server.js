// SPDX-License-Identifier: Apache-2.0
// The interop server of grpc-js, on a free port of 127.0.0.1. It ends when its standard input does.
const grpc = require('@grpc/grpc-js');
const { randomUUID } = require('crypto');
const { testing, options } = require('./service');

const SERVER_ID = randomUUID();
const ECHO_INITIAL = 'x-grpc-test-echo-initial';
const ECHO_TRAILING = 'x-grpc-test-echo-trailing-bin';

/** Sends the one entry back at once, and returns the other for the end. */
function echo(call) {
    const initial = call.metadata.get(ECHO_INITIAL);
    if (initial.length > 0) {
        const metadata = new grpc.Metadata();
        metadata.set(ECHO_INITIAL, initial[0]);
        call.sendMetadata(metadata);
    }
    const trailers = new grpc.Metadata();
    call.metadata.get(ECHO_TRAILING).forEach((value) => trailers.add(ECHO_TRAILING, value));
    return trailers;
}

function asked(status, metadata) {
    return { code: status.code, details: status.message, metadata };
}

const zeros = (size) => ({ type: 'COMPRESSABLE', body: Buffer.alloc(size) });

function emptyCall(call, callback) {
    callback(null, {}, echo(call));
}

function unaryCall(call, callback) {
    const trailers = echo(call);
    const request = call.request;
    if (request.response_status) {
        callback(asked(request.response_status, trailers));
        return;
    }
    const server_id = request.fill_server_id ? SERVER_ID : '';
    callback(null, { payload: zeros(request.response_size), server_id }, trailers);
}

function streamingInputCall(call, callback) {
    const trailers = echo(call);
    let sum = 0;
    call.on('data', (request) => {
        sum += request.payload.body.length;
    });
    call.on('end', () => callback(null, { aggregated_payload_size: sum }, trailers));
}

/** Writes what the request asks for; false if it asked for a failure instead. */
async function answer(call, request, trailers) {
    if (request.response_status) {
        call.emit('error', asked(request.response_status, trailers));
        return false;
    }
    for (const { size, interval_us } of request.response_parameters) {
        if (interval_us > 0) {
            await new Promise((resolve) => setTimeout(resolve, interval_us / 1000));
        }
        if (call.cancelled) {
            return false;
        }
        if (!call.write({ payload: zeros(size) })) {
            await new Promise((resolve) => {
                call.once('drain', resolve);
                call.once('cancelled', resolve);
            });
        }
    }
    return true;
}

async function streamingOutputCall(call) {
    const trailers = echo(call);
    if (await answer(call, call.request, trailers)) {
        call.end(trailers);
    }
}

function fullDuplexCall(call) {
    const trailers = echo(call);
    let work = Promise.resolve(true);
    call.on('data', (request) => {
        work = work.then((open) => open && answer(call, request, trailers));
    });
    call.on('end', () => work.then((open) => open && call.end(trailers)));
}

const server = new grpc.Server(options);
server.addService(testing.TestService.service, {
    emptyCall,
    unaryCall,
    streamingInputCall,
    streamingOutputCall,
    fullDuplexCall,
});
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (failure, port) => {
    if (failure) {
        throw failure;
    }
    console.log(`listening on 127.0.0.1:${port}`);
});
process.stdin.resume();
process.stdin.on('end', () => {
    server.forceShutdown();
    process.exit(0);
});
