// SPDX-License-Identifier: GPL-2.0-or-later
// store.js - the page's one state, and who is told when it has changed. Only session.js, and the views
// for what they alone show, write to it.

export const state = {
    phase: 'connecting', // or opening, ready, running, busy, down
    hello: null,         // what the session can do
    argv: [],            // what is open
    at: null,            // where it stands: the protocol's object
    turn: 0,             // counts moves: what was read in an earlier turn is old
    view: 'trap',
    near: false,         // the last move was a short one: what it changed is worth showing
    into: null,          // step of the exit that is shown; null: behind the last
    gva: 0,              // address in the page-table explorer
    exercise: null,
    files: [],           // names of the files that were dropped or made
    rec: null,           // the recording that came in a link: {name, text}
    problem: null,       // {text, todo}: the last error, until it is put away
    say: '',             // what a screen reader is told
    log: [],             // commands and their answers: {line, text, ok}
    stop: null,          // why it stopped, in words
    keys: true,          // single keys are commands
    dialog: null,        // 'keys', 'open'
};

const listeners = new Set();
let told = false;

export function subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

// Change it; whoever listens is told once for all changes of a turn of the event loop.
export function set(change) {
    Object.assign(state, change);
    if (told)
        return;
    told = true;
    queueMicrotask(() => {
        told = false;
        for (const listener of listeners)
            listener();
    });
}

// An error that a person should see: what is wrong, and what to do.
export function complain(text, todo) {
    set({ problem: { text, todo: todo || '' } });
}
