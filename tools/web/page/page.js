// SPDX-License-Identifier: GPL-2.0-or-later
// page.js - where the page begins: connects, opens what its URL says, draws, and keeps the URL in step.
import { render } from 'preact';
import { html, useState, useLayoutEffect } from './ui.js';
import { state, set, subscribe, complain } from './store.js';
import { readLink, writeLink, checkArgv } from './link.js';
import { begin, putFile, open, placeOf } from './session.js';
import { listenKeys } from './keys.js';
import { listenDrops } from './drop.js';
import { Shell } from './shell.js';
import { loadTerminal, loadCode } from './script.js';
import { readTheme } from './theme.js';
import './theme.css';
import './shell.css';
import './views.css';
import '@xterm/xterm/css/xterm.css';

// What a page shows that nobody has told otherwise: two machines with the same kernel, at the first trap.
export const START = ['--vms', '2', 'mini'];

function App() {
    const [, draw] = useState(0);
    useLayoutEffect(() => subscribe(() => draw((n) => n + 1)), []); // later, a change could be missed
    return html`<${Shell} state=${state} />`;
}

// The place that the page shows now.
export function placeNow() {
    let argv = state.argv;
    try {
        checkArgv(argv);
    } catch {
        argv = [];
    }
    const rec = argv.length === 1 && argv[0] === state.rec?.name ? state.rec.text : null;
    return { argv, rec, ...placeOf(state.at), into: state.into, view: state.view,
        exercise: state.view === 'course' ? state.exercise : null, gva: state.gva || null };
}

let written = '';

function keepLink() {
    if (!state.at || state.phase === 'running' || state.phase === 'opening')
        return;
    const link = writeLink(placeNow());
    if (link === written)
        return;
    written = link;
    history.replaceState(null, '', link);
}

// The file that a link has in it. false: it has none that can be read, and that has been said.
async function putRecording({ argv, rec }) {
    try {
        await putFile(argv[0], btoa(atob(rec.replace(/-/g, '+').replace(/_/g, '/'))));
        set({ rec: { name: argv[0], text: rec } });
        return true;
    } catch (error) {
        complain(`The recording in this link cannot be read: ${error.message}.`, 'Ask for the link again.');
        return false;
    }
}

async function openPlace(place) {
    set({ view: place.view || 'trap', gva: place.gva || 0, exercise: place.exercise || null });
    if (place.rec && !await putRecording(place))
        return;
    const missing = place.argv.find((word, i) => /\.\w+$/.test(word) && !place.argv[i - 1]?.startsWith('--') &&
        !state.files.includes(word) && !state.hello.guests.includes(word.replace(/\.elf$/, '')));
    if (missing) {
        set({ pending: place, dialog: 'open' });
        complain(`This place is in '${missing}', a file that the link cannot hold.`,
            `Drop ${missing} onto the page: it opens there.`);
        return;
    }
    if (await open(place.argv, place) && place.into !== undefined)
        set({ into: place.into });
}

async function openUrl() {
    let place;
    try {
        place = readLink(location.hash);
    } catch (error) {
        complain(`This link cannot be opened: ${error.message}.`, 'Ask for the link again. Here is the start instead.');
        written = location.hash;
    }
    if (!place) {
        const problem = state.problem;
        set({ view: 'trap' });
        await open(START, { first: true });
        if (problem)
            set({ problem });
    } else {
        await openPlace(place);
    }
}

// `pz web` serves this page on this host, with a session behind a WebSocket. Everywhere else, and if nothing
// answers there, the session runs in the page.
async function connectSomewhere() {
    const local = location.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(location.hostname) &&
        !new URLSearchParams(location.search).has('worker');
    if (local) {
        try {
            await begin(`ws://${location.host}/session`);
            return true;
        } catch {
            // a server of files alone
        }
    }
    try {
        await begin('worker');
        return true;
    } catch (error) {
        set({ phase: 'down' });
        complain(`The lab cannot begin: ${error.message}.`, 'Load the page again, in a browser that has WebAssembly.');
        return false;
    }
}

// What the view that the URL names needs is loaded while the session begins; the rest when nothing else is to do.
function loadAhead() {
    if (/[#&]view=machine(&|$)/.test(location.hash))
        loadTerminal().catch(() => {});
}

function loadRest() {
    const idle = globalThis.requestIdleCallback || ((work) => setTimeout(work, 500));
    for (const load of [loadTerminal, loadCode])
        idle(() => load().catch(() => {})); // the view that needs it says so
}

// The session first: it takes longest.
async function main() {
    const connected = connectSomewhere();
    loadAhead();
    readTheme();
    if (new URLSearchParams(location.search).has('embedded'))
        document.documentElement.dataset.embedded = '';
    const host = document.getElementById('page');
    host.replaceChildren();
    render(html`<${App} />`, host);
    listenKeys();
    listenDrops(openPlace);
    if (!await connected)
        return;
    subscribe(keepLink);
    addEventListener('hashchange', () => location.hash !== written && openUrl());
    await openUrl();
    loadRest();
}

main();
