// SPDX-License-Identifier: GPL-2.0-or-later
// wasi.js - what a WASI program asks of its host (wasi_snapshot_preview1), as far as pz.wasm does:
// arguments, a clock, files in memory below "/", standard streams. Nothing here reaches outside.
//
//   const host = new Wasi({ files, args, env, input, print });
//   host.memory = instance.exports.memory;
//   const status = host.run(instance);          of a command: _start to its exit
//
// input: the bytes of standard input. print(fd, bytes): what was written to 1 and 2.
import { readAt, writeAt, resize, normal } from './files.js';

const OK = 0, BADF = 8, EXIST = 20, INVAL = 28, ISDIR = 31, NOENT = 44, NOTDIR = 54, NOTSUP = 58, NOSYS = 52;
const FOLDER = 3, REGULAR = 4, CHARACTER = 2;
const CREAT = 1, DIRECTORY = 2, EXCL = 4, TRUNC = 8;
const APPEND = 1;
const ALL_RIGHTS = 0x1fffffffn;
const ROOT = 3; // the descriptor of "/"
const SIZE_MOST = 2 ** 31;

// How a program ends that calls exit().
class Exit {
    constructor(status) {
        this.status = status;
    }
}

export class Wasi {
    constructor({ files, args = ['pz'], env = {}, input = new Uint8Array(0), print = () => {} }) {
        const encoder = new TextEncoder();
        this.files = files;
        this.args = args.map((text) => encoder.encode(text + '\0'));
        this.env = Object.entries(env).map(([name, value]) => encoder.encode(`${name}=${value}\0`));
        this.print = print;
        this.input = { folder: false, bytes: input, size: input.length };
        this.open = new Map([
            [0, { node: this.input, at: 0, stream: true, flags: 0 }],
            [1, { stream: true, flags: 0 }],
            [2, { stream: true, flags: 0 }],
            [ROOT, { node: files.find('/'), path: '/', at: 0, flags: 0 }],
        ]);
        this.memory = null;
    }

    // Runs a command to its end. A trap of WebAssembly is thrown on.
    run(instance) {
        this.memory = instance.exports.memory;
        try {
            instance.exports._start();
        } catch (end) {
            if (!(end instanceof Exit))
                throw end;
            return end.status;
        }
        return 0;
    }

    // ---- Memory: looked at anew each time, because it grows ----

    view() {
        return new DataView(this.memory.buffer);
    }

    bytes(at, len) {
        return new Uint8Array(this.memory.buffer, at >>> 0, len >>> 0);
    }

    text(at, len) {
        return new TextDecoder().decode(this.bytes(at, len));
    }

    pieces(at, count) {
        const view = this.view(), pieces = [];
        for (let i = 0; i < count; i++)
            pieces.push(this.bytes(view.getUint32(at + 8 * i, true), view.getUint32(at + 8 * i + 4, true)));
        return pieces;
    }

    // ---- Lists of texts: arguments, environment ----

    texts(list, table, at) {
        for (const text of list) {
            this.view().setUint32(table, at, true);
            this.bytes(at, text.length).set(text);
            table += 4;
            at += text.length;
        }
        return OK;
    }

    sizes(list, count, size) {
        this.view().setUint32(count, list.length, true);
        this.view().setUint32(size, list.reduce((sum, text) => sum + text.length, 0), true);
        return OK;
    }

    // ---- Files ----

    path(fd, at, len) {
        return normal(`${this.open.get(fd)?.path ?? ''}/${this.text(at, len)}`);
    }

    // How the error of a path would be told where something is needed that is not there.
    stat(node, at) {
        const view = this.view();
        for (let i = 0; i < 64; i += 8)
            view.setBigUint64(at + i, 0n, true);
        view.setUint8(at + 16, node ? (node.folder ? FOLDER : REGULAR) : CHARACTER);
        view.setBigUint64(at + 24, 1n, true);
        view.setBigUint64(at + 32, BigInt(node?.size ?? 0), true);
        return OK;
    }

    read(entry, pieces, at) {
        let got = 0;
        for (const piece of pieces) {
            const bytes = readAt(entry.node, at + got, piece.length);
            piece.set(bytes);
            got += bytes.length;
        }
        return got;
    }

    write(fd, entry, pieces, at) {
        let put = 0;
        for (const piece of pieces) {
            if (entry.node)
                writeAt(entry.node, at + put, piece);
            else
                this.print(fd, piece.slice());
            put += piece.length;
        }
        return put;
    }

    openPath(path, oflags, flags, result) {
        let node = this.files.find(path);
        if (node && (oflags & CREAT) && (oflags & EXCL))
            return EXIST;
        if (!node && (oflags & CREAT))
            node = this.files.create(path);
        if (!node)
            return NOENT;
        if ((oflags & DIRECTORY) && !node.folder)
            return NOTDIR;
        if ((oflags & TRUNC) && !node.folder)
            resize(node, 0);
        let fd = ROOT + 1;
        while (this.open.has(fd))
            fd++;
        this.open.set(fd, { node, path, at: 0, flags });
        this.view().setUint32(result, fd, true);
        return OK;
    }

    // Folder entries from `cookie` on, as many as fit; the last may be cut off.
    readdir(entry, at, room, cookie, used) {
        const names = this.files.list(entry.path), out = this.bytes(at, room);
        let len = 0;
        for (let i = Number(cookie); i < names.length && len < room; i++) {
            const name = new TextEncoder().encode(names[i]), record = new Uint8Array(24 + name.length);
            const view = new DataView(record.buffer);
            view.setBigUint64(0, BigInt(i + 1), true);
            view.setBigUint64(8, BigInt(i + 1), true);
            view.setUint32(16, name.length, true);
            view.setUint8(20, this.files.find(`${entry.path}/${names[i]}`).folder ? FOLDER : REGULAR);
            record.set(name, 24);
            const part = record.subarray(0, room - len);
            out.set(part, len);
            len += part.length;
        }
        this.view().setUint32(used, len, true);
        return OK;
    }

    seek(entry, offset, whence, result) {
        const from = [0, entry.at, entry.node?.size ?? 0][whence];
        const to = from === undefined ? -1 : from + Number(offset);
        if (entry.stream)
            return 70; // a pipe
        if (to < 0)
            return INVAL;
        entry.at = to;
        this.view().setBigUint64(result, BigInt(to), true);
        return OK;
    }

    // With the entry of a descriptor.
    on(fd, work) {
        const entry = this.open.get(fd);
        return entry ? work(entry) : BADF;
    }

    // The same, for the bytes of a file or stream that can be read, or written.
    onBytes(fd, work) {
        return this.on(fd, (entry) => (entry.node?.folder ? ISDIR : work(entry)));
    }

    count(result, count) {
        this.view().setUint32(result, count, true);
        return OK;
    }

    // Everything is ready at once: nothing here is ever waited for.
    poll(at, events, count, result) {
        const view = this.view();
        for (let i = 0; i < count; i++) {
            const from = at + 48 * i, to = events + 32 * i;
            for (let k = 0; k < 32; k += 8)
                view.setBigUint64(to + k, 0n, true);
            view.setBigUint64(to, view.getBigUint64(from, true), true);
            view.setUint8(to + 10, view.getUint8(from + 8));
        }
        return this.count(result, count);
    }

    // ---- The functions, by name ----

    argumentFunctions() {
        return {
            args_get: (table, at) => this.texts(this.args, table, at),
            args_sizes_get: (count, size) => this.sizes(this.args, count, size),
            environ_get: (table, at) => this.texts(this.env, table, at),
            environ_sizes_get: (count, size) => this.sizes(this.env, count, size),
            clock_time_get: (clock, precision, result) => {
                const ms = clock === 0 ? Date.now() : performance.now();
                this.view().setBigUint64(result, BigInt(Math.round(ms * 1e6)), true);
                return OK;
            },
            random_get: (at, len) => {
                crypto.getRandomValues(this.bytes(at, len));
                return OK;
            },
            poll_oneoff: (at, events, count, result) => this.poll(at, events, count, result),
            proc_exit: (status) => {
                throw new Exit(status);
            },
        };
    }

    byteFunctions() {
        return {
            fd_read: (fd, at, count, result) => this.onBytes(fd, (entry) => {
                if (!entry.node)
                    return BADF;
                const got = this.read(entry, this.pieces(at, count), entry.at);
                entry.at += got;
                return this.count(result, got);
            }),
            fd_write: (fd, at, count, result) => this.onBytes(fd, (entry) => {
                if (entry.flags & APPEND)
                    entry.at = entry.node.size;
                const put = this.write(fd, entry, this.pieces(at, count), entry.at);
                entry.at += put;
                return this.count(result, put);
            }),
            fd_pread: (fd, at, count, from, result) => this.onBytes(fd, (entry) => (entry.stream ? NOTSUP
                : this.count(result, this.read(entry, this.pieces(at, count), Number(from))))),
            fd_pwrite: (fd, at, count, to, result) => this.onBytes(fd, (entry) => (entry.stream ? NOTSUP
                : this.count(result, this.write(fd, entry, this.pieces(at, count), Number(to))))),
            fd_seek: (fd, offset, whence, result) =>
                this.onBytes(fd, (entry) => this.seek(entry, offset, whence, result)),
        };
    }

    descriptorFunctions() {
        return {
            fd_close: (fd) => (this.open.delete(fd) ? OK : BADF),
            fd_sync: (fd) => this.on(fd, () => OK),
            fd_datasync: (fd) => this.on(fd, () => OK),
            fd_fdstat_get: (fd, at) => this.on(fd, (entry) => {
                const view = this.view();
                view.setUint8(at, entry.node && !entry.stream ? (entry.node.folder ? FOLDER : REGULAR) : 0);
                view.setUint16(at + 2, entry.flags, true);
                view.setBigUint64(at + 8, ALL_RIGHTS, true);
                view.setBigUint64(at + 16, ALL_RIGHTS, true);
                return OK;
            }),
            fd_fdstat_set_flags: (fd, flags) => this.on(fd, (entry) => {
                entry.flags = flags;
                return OK;
            }),
            fd_filestat_get: (fd, at) => this.on(fd, (entry) => this.stat(entry.stream ? null : entry.node, at)),
            fd_filestat_set_size: (fd, size) => this.onBytes(fd, (entry) => {
                if (!entry.node || size > SIZE_MOST)
                    return INVAL;
                resize(entry.node, Number(size));
                return OK;
            }),
            fd_prestat_get: (fd, at) => {
                if (fd !== ROOT)
                    return BADF;
                this.view().setUint32(at, 0, true);
                return this.count(at + 4, 1);
            },
            fd_prestat_dir_name: (fd, at) => {
                this.bytes(at, 1)[0] = '/'.charCodeAt(0);
                return OK;
            },
        };
    }

    pathFunctions() {
        return {
            fd_readdir: (fd, at, room, cookie, used) => this.on(fd, (entry) => (entry.node?.folder
                ? this.readdir(entry, at, room, cookie, used) : NOTDIR)),
            path_create_directory: (fd, at, len) =>
                (this.files.makeFolder(this.path(fd, at, len)) ? OK : EXIST),
            path_filestat_get: (fd, follow, at, len, result) => {
                const node = this.files.find(this.path(fd, at, len));
                return node ? this.stat(node, result) : NOENT;
            },
            path_open: (fd, follow, at, len, oflags, rights, inherited, flags, result) =>
                this.openPath(this.path(fd, at, len), oflags, flags, result),
            path_readlink: (fd, at, len) => (this.files.find(this.path(fd, at, len)) ? INVAL : NOENT),
            path_rename: (fd, at, len, to, name, nameLen) =>
                (this.files.rename(this.path(fd, at, len), this.path(to, name, nameLen)) ? OK : NOENT),
            path_unlink_file: (fd, at, len) => (this.files.remove(this.path(fd, at, len)) ? OK : NOENT),
        };
    }

    // For WebAssembly.Instance. What a program asks for besides is there, and refused.
    imports(module) {
        const have = { ...this.argumentFunctions(), ...this.byteFunctions(), ...this.descriptorFunctions(),
            ...this.pathFunctions() };
        const functions = {};
        for (const { module: from, name } of WebAssembly.Module.imports(module))
            if (from === 'wasi_snapshot_preview1')
                functions[name] = have[name] ?? (() => NOSYS);
        return functions;
    }
}
