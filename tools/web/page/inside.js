// SPDX-License-Identifier: GPL-2.0-or-later
// inside.js - starts pz in a Worker of this page. What it is made of, the script pz.js puts into the
// variable PZ_LAB: a page from file:// may read no file. client.js speaks to it.
//
//   startInside({ onText, onDown }) -> { send, stop }
//       onText(text): an answer. onDown(why): it has stopped by itself; nothing more comes.

const MISSING = 'pz.js, which has the machine in it, is not beside this page, or not whole';

function pieces() {
    return new Promise((resolve, reject) => {
        if (globalThis.PZ_LAB) {
            resolve(globalThis.PZ_LAB);
            return;
        }
        const script = document.createElement('script');
        script.src = 'pz.js';
        script.onload = () => (globalThis.PZ_LAB ? resolve(globalThis.PZ_LAB) : reject(new Error(MISSING)));
        script.onerror = () => reject(new Error(MISSING));
        document.head.append(script);
    });
}

export async function startInside({ onText, onDown }) {
    const { worker: source, wasm, share } = await pieces();
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
    return { send: (text) => worker.postMessage(text), stop };
}
