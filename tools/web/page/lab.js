// SPDX-License-Identifier: GPL-2.0-or-later
// lab.js - pz.wasm with its files: a session that answers requests (docs/web.md), and verbs, each in
// an instance of its own. Runs wherever WebAssembly may be compiled at once: a Worker, or Node.js.
import { Files } from './files.js';
import { Wasi } from './wasi.js';
import { regions } from '../../../isa/engine/wasm/regions.mjs';

const SESSION = '/session', SHARE = '/share/page-zero';
const ENV = { PWD: SESSION, LANG: 'C.UTF-8', NO_COLOR: '1' };
const OUTPUT = { status: 0, out: 4, err: 8, outLen: 12, errLen: 16 }; // struct web_output

// The files of an installed pz, without those that it shares.
export function installed() {
    const files = new Files();
    for (const folder of [SESSION, '/bin', '/tmp', '/var', '/var/tmp', '/dev'])
        files.makeFolder(folder);
    for (const empty of ['/bin/pz', '/dev/null'])
        files.put(empty, new Uint8Array(0));
    return files;
}

// Guests (`guests/NAME`), exercises and what they include (`src/...`), as tools/host/home.h has them.
export function install(files, name, bytes) {
    files.put(`${SHARE}/${name}`, bytes);
}

// [name, bytes] of each file in an archive that Python's tarfile has written: a header of 512 bytes
// with the name, the size in octal at 124, and '0' at 156 for a file; the bytes; up to 512 zeros.
export function* untar(archive) {
    const text = (at, len) => new TextDecoder().decode(archive.subarray(at, at + len)).replace(/\0.*$/s, '');
    for (let at = 0; at + 512 <= archive.length && archive[at]; ) {
        const size = parseInt(text(at + 124, 12), 8);
        if (text(at + 156, 1) === '0')
            yield [text(at, 100), archive.subarray(at + 512, at + 512 + size)];
        at += 512 + Math.ceil(size / 512) * 512;
    }
}

// What was printed to a stream, as one piece.
class Printed {
    constructor() {
        this.pieces = [];
        this.size = 0;
    }

    add(bytes) {
        this.pieces.push(bytes);
        this.size += bytes.length;
    }

    all() {
        const bytes = new Uint8Array(this.size);
        let at = 0;
        for (const piece of this.pieces) {
            bytes.set(piece, at);
            at += piece.length;
        }
        return bytes;
    }
}

// An instance of the module, with the imports of engines, and `verb`.
function instantiate(module, wasi, verb) {
    const instance = new WebAssembly.Instance(module, {
        wasi_snapshot_preview1: wasi.imports(module),
        pz: { ...regions(() => instance.exports), verb },
    });
    wasi.memory = instance.exports.memory;
    return instance;
}

// Runs `pz` with these words, as on a host: {status, out, err}. What stops the program itself (no
// memory, an assertion) is the host's failure.
export function runPz(module, files, args, { input } = {}) {
    const printed = { 1: new Printed(), 2: new Printed() };
    const wasi = new Wasi({
        files, input,
        args: ['pz', ...args],
        env: ENV,
        print: (fd, bytes) => printed[fd].add(bytes),
    });
    let status = 3;
    try {
        status = wasi.run(instantiate(module, wasi, () => 0));
    } catch (error) {
        printed[2].add(new TextEncoder().encode(`pz: ${args[0]}: stopped: ${error.message}\n`));
    }
    return { status, out: printed[1].all(), err: printed[2].all() };
}

export class Lab {
    // `said`: called with the text of what the session's own program prints.
    constructor(module, files, said = () => {}) {
        const wasi = new Wasi({ files, env: ENV, print: (fd, bytes) => said(new TextDecoder().decode(bytes)) });
        this.module = module;
        this.files = files;
        this.exports = instantiate(module, wasi, (argc, argv, output) => this.verb(argc, argv, output)).exports;
        if (!this.exports.web_begin())
            throw new Error('no memory for a session');
    }

    // ---- The session's memory ----

    bytes(at, len) {
        return new Uint8Array(this.exports.memory.buffer, at >>> 0, len);
    }

    text(at) {
        const all = new Uint8Array(this.exports.memory.buffer);
        return new TextDecoder().decode(all.subarray(at >>> 0, all.indexOf(0, at >>> 0)));
    }

    // A copy in the session's memory, with a zero behind it. 0: no memory.
    copy(bytes) {
        const at = this.exports.web_alloc(bytes.length + 1) >>> 0;
        if (at) {
            this.bytes(at, bytes.length).set(bytes);
            this.bytes(at + bytes.length, 1)[0] = 0;
        }
        return at;
    }

    // ---- Requests ----

    // A request's text gives the answer's text.
    request(text) {
        const { web_answer: answer, web_free: free } = this.exports;
        const request = this.copy(new TextEncoder().encode(text)), at = request && answer(request);
        const result = at ? this.text(at) : null;
        free(request);
        free(at);
        if (result === null)
            throw new Error('no memory for a request');
        return result;
    }

    // What gzip or zstd has made smaller.
    unpack(bytes) {
        const packed = this.copy(bytes), file = packed && this.exports.web_unpack(packed, bytes.length);
        if (!file)
            throw new Error('the guests cannot be unpacked');
        const view = new DataView(this.exports.memory.buffer, file >>> 0, 8), at = view.getUint32(0, true);
        const unpacked = this.bytes(at, view.getUint32(4, true)).slice();
        this.exports.web_free(at);
        return unpacked;
    }

    verb(argc, argv, output) {
        const words = [];
        for (let i = 0; i < argc; i++)
            words.push(this.text(new DataView(this.exports.memory.buffer).getUint32(argv + 4 * i, true)));
        const { status, out, err } = runPz(this.module, this.files, words);
        const outAt = this.copy(out), errAt = this.copy(err);
        const view = new DataView(this.exports.memory.buffer);
        view.setInt32(output + OUTPUT.status, status, true);
        view.setUint32(output + OUTPUT.out, outAt, true);
        view.setUint32(output + OUTPUT.err, errAt, true);
        view.setUint32(output + OUTPUT.outLen, out.length, true);
        view.setUint32(output + OUTPUT.errLen, err.length, true);
        return outAt && errAt ? 1 : 0;
    }
}
