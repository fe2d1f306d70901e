// SPDX-License-Identifier: Apache-2.0
// The interop client of grpc-js: client.js PORT CASE. Exit code 0 if the case passed.
const assert = require('assert').strict;
const grpc = require('@grpc/grpc-js');
const { testing, options } = require('./service');

const REQUEST_SIZE = 271828;
const RESPONSE_SIZE = 314159;
const ECHO_INITIAL = 'x-grpc-test-echo-initial';
const ECHO_TRAILING = 'x-grpc-test-echo-trailing-bin';
const SPECIAL_MESSAGE = '\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1f608}\t\n';

const patience = (millis = 30000) => ({ deadline: Date.now() + millis });

const zeros = (size) => ({ type: 'COMPRESSABLE', body: Buffer.alloc(size) });
const largeRequest = () => ({ response_size: RESPONSE_SIZE, payload: zeros(REQUEST_SIZE) });
const ping = (requestSize, ...sizes) => ({
    payload: zeros(requestSize),
    response_parameters: sizes.map((size) => ({ size })),
});

function expectZeros(size, payload) {
    assert.equal(payload.body.length, size, 'the size of the payload');
    assert.ok(
        payload.body.every((byte) => byte === 0),
        'bytes other than zero',
    );
}

/** A call with one response: what came back, whichever way it ended. */
function unary(client, method, request, metadata = new grpc.Metadata(), callOptions = patience()) {
    return new Promise((resolve) => {
        const seen = {};
        const call = client[method](request, metadata, callOptions, (failure, response) => {
            seen.failure = failure;
            seen.response = response;
        });
        call.on('metadata', (headers) => {
            seen.headers = headers;
        });
        call.on('status', (status) => {
            seen.status = status;
            setImmediate(() => resolve(seen));
        });
    });
}

async function response(client, method, request, millis) {
    const seen = await unary(client, method, request, new grpc.Metadata(), patience(millis));
    if (seen.failure) {
        throw seen.failure;
    }
    return seen.response;
}

/** A call with a stream of responses, read one by one. */
class Responses {
    constructor(call) {
        this.call = call;
        this.seen = [];
        this.waiting = [];
        call.on('metadata', (headers) => {
            this.headers = headers;
        });
        call.on('data', (data) => this.push({ data }));
        call.on('error', (failure) => this.push({ failure }));
        call.on('end', () => this.push({}));
        this.status = new Promise((resolve) => call.on('status', resolve));
    }

    push(event) {
        const waiter = this.waiting.shift();
        if (waiter) {
            waiter(event);
        } else {
            this.seen.push(event);
        }
    }

    /** The next response; undefined at the end. */
    async next() {
        const event = this.seen.shift() || (await new Promise((resolve) => this.waiting.push(resolve)));
        if (event.failure) {
            throw event.failure;
        }
        return event.data;
    }
}

const duplex = (client, callOptions = patience(), metadata = new grpc.Metadata()) =>
    new Responses(client.fullDuplexCall(metadata, callOptions));

function expectEcho(headers, trailers) {
    assert.deepEqual(headers.get(ECHO_INITIAL), ['test_initial_metadata_value']);
    assert.deepEqual(trailers.get(ECHO_TRAILING), [Buffer.from([0xab, 0xab, 0xab])]);
}

function expectUnknown(message, status) {
    assert.equal(status.code, grpc.status.UNKNOWN);
    assert.equal(status.details, message);
}

const cases = {
    async empty_unary(client) {
        assert.deepEqual(await response(client, 'emptyCall', {}), {});
    },

    async large_unary(client) {
        expectZeros(RESPONSE_SIZE, (await response(client, 'unaryCall', largeRequest())).payload);
    },

    async very_large_request(client) {
        const request = { response_size: 10, payload: zeros(10 << 20) };
        expectZeros(10, (await response(client, 'unaryCall', request)).payload);
    },

    async client_streaming(client) {
        const sum = await new Promise((resolve, reject) => {
            const call = client.streamingInputCall(new grpc.Metadata(), patience(), (failure, answer) =>
                failure ? reject(failure) : resolve(answer.aggregated_payload_size),
            );
            [27182, 8, 1828, 45904].forEach((size) => call.write({ payload: zeros(size) }));
            call.end();
        });
        assert.equal(sum, 74922);
    },

    async server_streaming(client) {
        const sizes = [31415, 9, 2653, 58979];
        const responses = new Responses(client.streamingOutputCall(ping(0, ...sizes), patience()));
        for (const size of sizes) {
            expectZeros(size, (await responses.next()).payload);
        }
        assert.equal(await responses.next(), undefined);
    },

    async ping_pong(client) {
        const responses = duplex(client);
        for (const [sent, received] of [[27182, 31415], [8, 9], [1828, 2653], [45904, 58979]]) {
            responses.call.write(ping(sent, received));
            expectZeros(received, (await responses.next()).payload);
        }
        responses.call.end();
        assert.equal(await responses.next(), undefined);
    },

    async empty_stream(client) {
        const responses = duplex(client);
        responses.call.end();
        assert.equal(await responses.next(), undefined);
    },

    async custom_metadata(client) {
        const metadata = new grpc.Metadata();
        metadata.set(ECHO_INITIAL, 'test_initial_metadata_value');
        metadata.set(ECHO_TRAILING, Buffer.from([0xab, 0xab, 0xab]));
        const seen = await unary(client, 'unaryCall', largeRequest(), metadata);
        expectZeros(RESPONSE_SIZE, seen.response.payload);
        expectEcho(seen.headers, seen.status.metadata);

        const responses = duplex(client, patience(), metadata);
        responses.call.write(ping(REQUEST_SIZE, RESPONSE_SIZE));
        responses.call.end();
        expectZeros(RESPONSE_SIZE, (await responses.next()).payload);
        assert.equal(await responses.next(), undefined);
        expectEcho(responses.headers, (await responses.status).metadata);
    },

    async status_code_and_message(client) {
        const response_status = { code: 2, message: 'test status message' };
        expectUnknown('test status message', (await unary(client, 'unaryCall', { response_status })).status);

        const responses = duplex(client);
        responses.call.write({ response_status });
        responses.call.end();
        await assert.rejects(responses.next());
        expectUnknown('test status message', await responses.status);
    },

    async special_status_message(client) {
        const response_status = { code: 2, message: SPECIAL_MESSAGE };
        expectUnknown(SPECIAL_MESSAGE, (await unary(client, 'unaryCall', { response_status })).status);
    },

    async unimplemented_method(client) {
        const seen = await unary(client, 'unimplementedCall', {});
        assert.equal(seen.status.code, grpc.status.UNIMPLEMENTED);
    },

    async unimplemented_service(client, port) {
        const other = new testing.UnimplementedService(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
        const seen = await unary(other, 'unimplementedCall', {});
        other.close();
        assert.equal(seen.status.code, grpc.status.UNIMPLEMENTED);
    },

    async cancel_after_begin(client) {
        await cases.empty_unary(client); // The connection must be there, or the cancelled call never leaves.
        const code = await new Promise((resolve) => {
            const call = client.streamingInputCall(new grpc.Metadata(), patience(), (failure) =>
                resolve(failure && failure.code),
            );
            setImmediate(() => call.cancel());
        });
        assert.equal(code, grpc.status.CANCELLED);
    },

    async cancel_after_first_response(client) {
        const responses = duplex(client);
        responses.call.write(ping(27182, 31415));
        expectZeros(31415, (await responses.next()).payload);
        responses.call.cancel();
        await assert.rejects(responses.next());
        assert.equal((await responses.status).code, grpc.status.CANCELLED);
    },

    async timeout_on_sleeping_server(client) {
        const responses = duplex(client, { deadline: Date.now() + 1 });
        responses.call.write(ping(27182));
        await assert.rejects(responses.next());
        assert.equal((await responses.status).code, grpc.status.DEADLINE_EXCEEDED);
    },

    async pick_first_unary(client) {
        const ids = new Set();
        for (let i = 0; i < 100; i++) {
            ids.add((await response(client, 'unaryCall', { fill_server_id: true })).server_id);
        }
        assert.equal(ids.size, 1);
        assert.ok(!ids.has(''));
    },

    async concurrent_large_unary(client) {
        const calls = [];
        for (let i = 0; i < 1000; i++) {
            calls.push(response(client, 'unaryCall', largeRequest(), 300000));
        }
        (await Promise.all(calls)).forEach((answer) => expectZeros(RESPONSE_SIZE, answer.payload));
    },

    async client_compressed_unary(client, port) {
        const compressed = { ...largeRequest(), expect_compressed: { value: true } };
        const probe = await unary(client, 'unaryCall', compressed);
        assert.equal(probe.status.code, grpc.status.INVALID_ARGUMENT);

        const gzip = connect(port, { ...options, 'grpc.default_compression_algorithm': 2 });
        expectZeros(RESPONSE_SIZE, (await response(gzip, 'unaryCall', compressed)).payload);
        gzip.close();

        const plain = { ...largeRequest(), expect_compressed: { value: false } };
        expectZeros(RESPONSE_SIZE, (await response(client, 'unaryCall', plain)).payload);
    },

    // grpc-js does not show the flag: what can be seen is that the responses can be read.
    async server_compressed_unary(client) {
        for (const value of [true, false]) {
            const request = { ...largeRequest(), response_compressed: { value } };
            expectZeros(RESPONSE_SIZE, (await response(client, 'unaryCall', request)).payload);
        }
    },

    async server_compressed_streaming(client) {
        const response_parameters = [
            { size: 31415, compressed: { value: true } },
            { size: 92653, compressed: { value: false } },
        ];
        const responses = new Responses(client.streamingOutputCall({ response_parameters }, patience()));
        expectZeros(31415, (await responses.next()).payload);
        expectZeros(92653, (await responses.next()).payload);
        assert.equal(await responses.next(), undefined);
    },
};

function connect(port, channelOptions) {
    return new testing.TestService(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), channelOptions);
}

async function main([port, name]) {
    if (!cases[name]) {
        throw new Error(`no case ${name}`);
    }
    const client = connect(port, options);
    await cases[name](client, port);
    client.close();
    console.log(`${name} passed`);
}

main(process.argv.slice(2)).catch((failure) => {
    console.error(failure);
    process.exit(1);
});
