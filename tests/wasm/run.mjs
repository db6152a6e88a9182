// SPDX-License-Identifier: GPL-2.0-or-later
// run.mjs - runs a program for WASI that has the engine `wasm`, in Node.js:
//   node run.mjs PROGRAM.wasm [argument...]
// Of WASI (snapshot preview1) it has what the tests' programs use: arguments, a clock, standard output,
// and reading the host's files by their absolute names.
import { readFileSync, writeSync } from "node:fs";
import { regions } from "../../isa/engine/wasm/regions.mjs";

const OK = 0, BADF = 8, NOENT = 44;
const CPU_TIME = 2; // of the clocks
const ROOT = 3; // the descriptor of "/"
const [path, ...args] = process.argv.slice(2);
const files = new Map(); // descriptor: its bytes, and how far they have been read
let instance;

const view = () => new DataView(instance.exports.memory.buffer);
const bytes = (at, len) => new Uint8Array(instance.exports.memory.buffer, at, len);
const buffers = (at, count) =>
    Array.from({ length: count }, (_, i) =>
        bytes(view().getUint32(at + 8 * i, true), view().getUint32(at + 8 * i + 4, true)));
const number = (at, value) => (view().setUint32(at, value, true), OK);

class Exit extends Error {
    constructor(status) {
        super();
        this.status = status;
    }
}

const words = [path, ...args].map((word) => Buffer.from(word + "\0"));

const wasi = {
    args_sizes_get: (count, len) =>
        number(count, words.length) || number(len, words.reduce((sum, word) => sum + word.length, 0)),
    args_get(pointers, at) {
        for (const word of words) {
            number(pointers, at);
            bytes(at, word.length).set(word);
            pointers += 4;
            at += word.length;
        }
        return OK;
    },
    clock_time_get(clock, precision, at) {
        const { user, system } = process.cpuUsage();
        const time = clock === CPU_TIME ? BigInt(user + system) * 1000n : process.hrtime.bigint();
        view().setBigUint64(at, time, true);
        return OK;
    },
    proc_exit(status) {
        throw new Exit(status);
    },
    fd_prestat_get: (fd, at) => (fd === ROOT ? number(at, 0) || number(at + 4, 1) : BADF),
    fd_prestat_dir_name: (fd, at) => (bytes(at, 1).set(Buffer.from("/")), OK),
    fd_fdstat_get(fd, at) {
        bytes(at, 24).fill(0);
        view().setUint8(at, fd < ROOT ? 2 : fd === ROOT ? 3 : 4);
        bytes(at + 8, 16).fill(0xff);
        return OK;
    },
    fd_fdstat_set_flags: () => OK,
    path_open(folder, follow, at, len, flags, rights, inheriting, fdflags, result) {
        try {
            const fd = ROOT + 1 + files.size;
            files.set(fd, { bytes: readFileSync("/" + Buffer.from(bytes(at, len))), at: 0 });
            return number(result, fd);
        } catch {
            return NOENT;
        }
    },
    fd_read(fd, at, count, result) {
        const file = files.get(fd);
        let sum = 0;
        for (const buffer of file ? buffers(at, count) : []) {
            const piece = file.bytes.subarray(file.at, file.at + buffer.length);
            buffer.set(piece);
            file.at += piece.length;
            sum += piece.length;
        }
        return file ? number(result, sum) : BADF;
    },
    fd_write(fd, at, count, result) {
        let sum = 0;
        for (const buffer of buffers(at, count))
            sum += writeSync(fd, buffer);
        return number(result, sum);
    },
    fd_seek: () => BADF,
    fd_close: () => OK,
};

instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)), {
    wasi_snapshot_preview1: wasi,
    pz: regions(() => instance.exports),
});
try {
    instance.exports._start();
} catch (end) {
    if (!(end instanceof Exit))
        throw end;
    process.exitCode = end.status;
}
