// SPDX-License-Identifier: GPL-2.0-or-later
// files.js - a file system in memory: folders and files, whole paths, nothing else. Every run of
// pz.wasm in the page sees the same one.

const LEAST_ROOM = 4096;

function makeFile(bytes = new Uint8Array(0)) {
    return { folder: false, bytes, size: bytes.length };
}

// '/a//b/../c/' -> '/a/c'
export function normal(path) {
    const parts = [];
    for (const part of path.split('/')) {
        if (part === '..')
            parts.pop();
        else if (part !== '' && part !== '.')
            parts.push(part);
    }
    return '/' + parts.join('/');
}

function parent(path) {
    return path.slice(0, path.lastIndexOf('/')) || '/';
}

export class Files {
    constructor() {
        this.nodes = new Map([['/', { folder: true }]]);
    }

    find(path) {
        return this.nodes.get(normal(path));
    }

    // False: there is something of the name, or no folder to put it in.
    add(path, node) {
        const whole = normal(path);
        if (this.nodes.has(whole) || !this.nodes.get(parent(whole))?.folder)
            return false;
        this.nodes.set(whole, node);
        return true;
    }

    makeFolder(path) {
        return this.add(path, { folder: true });
    }

    // An empty one; null: it cannot be.
    create(path) {
        const file = makeFile();
        return this.add(path, file) ? file : null;
    }

    // With the folders that lead to it; in place of what had the name. The bytes may not change.
    put(path, bytes) {
        const whole = normal(path);
        for (let at = whole.indexOf('/', 1); at > 0; at = whole.indexOf('/', at + 1))
            this.makeFolder(whole.slice(0, at));
        this.nodes.set(whole, makeFile(bytes));
    }

    remove(path) {
        const whole = normal(path), node = this.nodes.get(whole);
        return !!node && !node.folder && this.nodes.delete(whole);
    }

    // Of a file.
    rename(from, to) {
        const node = this.find(from), whole = normal(to);
        if (!node || node.folder || this.nodes.get(whole)?.folder || !this.nodes.get(parent(whole))?.folder)
            return false;
        this.nodes.delete(normal(from));
        this.nodes.set(whole, node);
        return true;
    }

    // Names of what is in a folder, sorted.
    list(path) {
        const start = normal(path) === '/' ? '/' : normal(path) + '/', names = [];
        for (const name of this.nodes.keys())
            if (name !== '/' && name.startsWith(start) && !name.includes('/', start.length))
                names.push(name.slice(start.length));
        return names.sort();
    }
}

// ---- The bytes of a file ----

export function resize(file, size) {
    if (size > file.bytes.length) {
        const grown = new Uint8Array(Math.max(size, 2 * file.bytes.length, LEAST_ROOM));
        grown.set(file.bytes.subarray(0, file.size));
        file.bytes = grown;
    } else if (size < file.size) {
        file.bytes = file.bytes.slice(0, size);
    }
    file.size = size;
}

export function readAt(file, at, room) {
    const from = Math.min(at, file.size);
    return file.bytes.subarray(from, Math.min(from + room, file.size));
}

export function writeAt(file, at, bytes) {
    if (at + bytes.length > file.size)
        resize(file, at + bytes.length);
    file.bytes.set(bytes, at);
}
