// SPDX-License-Identifier: GPL-2.0-or-later
// session.mjs - the Worker of the page in Node.js, as pz.js has it: requests from standard input, a
// line each; answers on standard output.
//   node session.mjs PZ.js           standard input through one Worker
//   node session.mjs PZ.js COURSE.js the same, with the exercises
//   node session.mjs PZ.js looping   a guest that loops: the Worker answers between slices, can be
//                                    ended in one that has no end, and another one begins
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

const [lab, what] = process.argv.slice(2);
(0, eval)(readFileSync(lab, 'utf8'));

// What a browser's Worker has and Node's has not.
const BROWSER = `
    const { parentPort } = require('node:worker_threads');
    globalThis.self = { postMessage: (data) => parentPort.postMessage(data) };
    parentPort.on('message', (data) => self.onmessage({ data }));
`;

class Inside {
    constructor() {
        const { worker, wasm, share } = globalThis.PZ_LAB;
        this.worker = new Worker(BROWSER + worker, { eval: true });
        this.waiting = [];
        this.worker.on('message', (text) => this.waiting.shift()(text));
        this.worker.on('error', (error) => {
            throw error;
        });
        this.ready = this.post({ wasm, share });
    }

    post(data) {
        return new Promise((resolve) => {
            this.waiting.push(resolve);
            this.worker.postMessage(data);
        });
    }

    async ask(request) {
        return JSON.parse(await this.post(JSON.stringify(request)));
    }
}

async function stream() {
    const inside = new Inside();
    assert.deepEqual(JSON.parse(await inside.ready), { ready: true });
    if (what) {
        (0, eval)(readFileSync(what, 'utf8'));
        inside.worker.postMessage({ course: globalThis.PZ_COURSE });
    }
    for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean))
        console.log(await inside.post(line));
    await inside.worker.terminate();
}

// A guest of one instruction, which jumps to itself.
async function openLoop(inside) {
    await inside.ask({ id: 1, do: 'file', name: 'loop.bin', base64: 'bwAAAA==' });
    const opened = await inside.ask({ id: 2, do: 'open', argv: ['--load', '0', 'loop.bin'] });
    assert.ok(opened.ok, opened.error);
}

async function looping() {
    const first = new Inside();
    await openLoop(first);
    const asked = [3, 4, 5].map((id) => first.ask({ id, do: 'run', insns: 1000000 }));
    const view = first.ask({ id: 6, do: 'view', what: 'regs' });
    for (const [i, run] of (await Promise.all(asked)).entries())
        assert.deepEqual([run.id, run.why, run.at.total], [3 + i, 'budget', (i + 1) * 1000000]);
    assert.equal((await view).view.pc, 0);
    void first.ask({ id: 7, do: 'command', line: 'continue' });
    await first.worker.terminate();
    const second = new Inside();
    await openLoop(second);
    assert.equal((await second.ask({ id: 3, do: 'run', insns: 10 })).at.total, 10);
    await second.worker.terminate();
    console.log('the Worker survives a looping guest');
}

await (what === 'looping' ? looping() : stream());
