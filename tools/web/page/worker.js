// SPDX-License-Identifier: GPL-2.0-or-later
// worker.js - the Worker of a page in which pz runs. The first message is {wasm, share}, as pack.py
// made them: the module, and an archive of guests and exercises. One of {course} has more such files, and
// no answer. The others are requests, as text. Each
// request has an answer, as text, in their order; before the first comes {"ready":true}, or {"down":
// why}. A request that stops pz itself (no memory, an assertion) is answered with an error, and
// `ended`: there is no session any more.
import { Lab, installed, install, untar } from './lab.js';

let lab = null;

function fromBase64(text) {
    if (Uint8Array.fromBase64)
        return Uint8Array.fromBase64(text);
    const letters = atob(text), bytes = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i++)
        bytes[i] = letters.charCodeAt(i);
    return bytes;
}

// A module that gzip has made smaller, compiled as it is unpacked.
function compile(bytes) {
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return WebAssembly.compileStreaming(new Response(unpacked, { headers: { 'Content-Type': 'application/wasm' } }));
}

async function start({ wasm, share }) {
    const module = await compile(fromBase64(wasm)), files = installed();
    const begun = new Lab(module, files);
    lab = begun;
    installAll(share);
}

// What an archive by zstd has, in base64, among the files of the session.
function installAll(archive) {
    for (const [name, bytes] of untar(lab.unpack(fromBase64(archive))))
        install(lab.files, name, bytes);
}

function failed(text, why) {
    let id = null;
    try {
        id = JSON.parse(text).id ?? null;
    } catch {
        // It was no JSON: there is no id to answer to.
    }
    return JSON.stringify({ id, ok: false, ended: true, error: `pz has stopped: ${why}` });
}

function answer(text) {
    if (!lab)
        return failed(text, 'there is no session');
    try {
        return lab.request(text);
    } catch (error) {
        lab = null;
        return failed(text, error.message);
    }
}

// One after the other: a request that comes while pz starts waits for it.
let begun = null;

self.onmessage = ({ data }) => {
    if (!begun) {
        begun = start(data).then(() => '{"ready":true}', (error) => JSON.stringify({ down: error.message }));
        begun.then(self.postMessage);
    } else if (typeof data === 'object') {
        begun.then(() => lab && installAll(data.course));
    } else {
        begun.then(() => self.postMessage(answer(data)));
    }
};
