// SPDX-License-Identifier: GPL-2.0-or-later
// inside.js - starts pz in a Worker of this page. What it is made of, the script pz.js puts into the
// variable PZ_LAB: a page from file:// may read no file. client.js speaks to it.
//
//   startInside({ onText, onDown }) -> { send, stop }
//       send(request): an object. onText(text): an answer. onDown(why): it has stopped by itself; nothing more comes.

import { fromScript } from './script.js';

// What is about exercises needs their files first.
const COURSE = ['exercises', 'grade'];

export async function startInside({ onText, onDown }) {
    const { worker: source, wasm, share } = await fromScript('pz.js', 'PZ_LAB');
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    const worker = new Worker(url);
    const stop = () => worker.terminate();
    await new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => {
            const { down } = JSON.parse(data);
            if (down)
                reject(new Error(down));
            else
                resolve();
        };
        worker.onerror = ({ message }) => reject(new Error(message || 'the Worker cannot be started'));
        worker.postMessage({ wasm, share });
    }).catch((error) => {
        stop();
        throw error;
    }).finally(() => URL.revokeObjectURL(url));
    worker.onmessage = ({ data }) => {
        onText(data);
        if (data.includes('"ended":true') && JSON.parse(data).ended) {
            stop();
            onDown(JSON.parse(data).error);
        }
    };
    worker.onerror = ({ message }) => {
        stop();
        onDown(message || 'the Worker has stopped');
    };
    let line = Promise.resolve(), course = null; // requests keep their order
    const addCourse = () => fromScript('course.js', 'PZ_COURSE').then((files) => worker.postMessage({ course: files }), () => {});
    const send = (request) => {
        if (COURSE.includes(request.do))
            line = line.then(() => course ??= addCourse());
        line = line.then(() => worker.postMessage(JSON.stringify(request)));
    };
    return { send, stop };
}
