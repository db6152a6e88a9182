// SPDX-License-Identifier: GPL-2.0-or-later
// client.js - the session, wherever it runs: in a Worker of this page (pz.wasm), or behind the WebSocket
// of `pz web`. Nothing else of the page knows which.
//
//   connect({ where, onDown }) -> client     where: 'worker', or the URL of a WebSocket
//   client.ask({ do, ... }) -> answer        rejects with an Error that has .answer
//   client.waiting()                         is there any answer to come?
//   client.interrupt()                       stops guests that run for a request; false: not possible there
//   client.kill()                            at once; what was asked is rejected

import { startInside } from './inside.js';

const REFUSED = 'the session has ended';

function makeClient(send, stop, interrupt = () => false) {
    const open = new Map();
    let next = 1, down = false;
    return {
        ask(request) {
            if (down)
                return Promise.reject(new Error(REFUSED));
            const id = next++;
            return new Promise((resolve, reject) => {
                open.set(id, { resolve, reject });
                send({ ...request, id });
            });
        },
        answer(answer) {
            const asked = open.get(answer.id);
            if (!asked)
                return;
            open.delete(answer.id);
            if (answer.ok)
                asked.resolve(answer);
            else
                asked.reject(Object.assign(new Error(answer.error || 'refused, without a reason'), { answer }));
        },
        end(why) {
            down = true;
            for (const { reject } of open.values())
                reject(new Error(why));
            open.clear();
        },
        waiting: () => open.size > 0,
        interrupt,
        kill() {
            this.end(REFUSED);
            stop();
        },
    };
}

function viaSocket(url, onDown) {
    return new Promise((resolve, reject) => {
        const socket = new WebSocket(url);
        const client = makeClient((request) => socket.send(JSON.stringify(request)), () => socket.close(), () => {
            socket.send('{"do":"interrupt"}');
            return true;
        });
        socket.onopen = () => resolve(client);
        socket.onmessage = (event) => client.answer(JSON.parse(event.data));
        socket.onerror = () => reject(new Error(`nothing answers at ${url}`));
        socket.onclose = () => {
            client.end('the server has closed the connection');
            onDown('the server has closed the connection');
        };
    });
}

async function viaWorker(onDown) {
    let client = null;
    const inside = await startInside({
        onText: (text) => client.answer(JSON.parse(text)),
        onDown: (why) => {
            client.end(why);
            onDown(why);
        },
    });
    client = makeClient(inside.send, inside.stop);
    return client;
}

export function connect({ where, onDown }) {
    return where === 'worker' ? viaWorker(onDown) : viaSocket(where, onDown);
}
