// SPDX-License-Identifier: GPL-2.0-or-later
// keys.js - the keyboard: one table, for what keys do and for the list that '?' shows. Keys in a
// console, an editor or a field are theirs.
import { state, set } from './store.js';
import * as session from './session.js';
import { VIEWS } from './link.js';
import { otherTheme } from './theme.js';

function focus(id) {
    document.getElementById(id)?.focus();
}

function show(view) {
    set({ view });
}

const ready = () => state.phase === 'ready';

export const KEYS = [
    { key: 's', what: 'step: one instruction', run: session.step, when: ready },
    { key: 'b', what: 'back: one instruction', run: session.back, when: ready },
    { key: 't', what: 'trap: to just after the next exit', run: session.nextTrap, when: ready },
    { key: 'T', what: 'back trap: to just after the exit before', run: session.backTrap, when: ready },
    { key: 'i', what: 'into: the next step of the monitor’s work', run: () => document.querySelector('[data-do=into]')?.click() },
    { key: 'o', what: 'the step before', run: () => document.querySelector('[data-do=out]')?.click() },
    { key: 'r', what: 'run, or pause', run: () => (state.phase === 'running' ? session.pause() : session.run()) },
    { key: 'g', what: 'go to an instruction', run: () => focus('goto') },
    { key: 'n', what: 'the next VM', run: nextVm, when: ready },
    { key: ':', what: 'type a command of the debugger', run: () => focus('command') },
    ...VIEWS.map((view, i) => ({ key: String(i + 1), what: `view: ${view}`, run: () => show(view) })),
    { key: 'f', what: 'open a kernel, recording or snapshot', run: () => set({ dialog: 'open' }) },
    { key: 'd', what: 'dark or light', run: otherTheme },
    { key: '?', what: 'this list', run: () => set({ dialog: 'keys' }) },
];

function nextVm() {
    const vms = state.at?.vms.length || 1;
    if (vms > 1)
        session.select((state.at.vm + 1) % vms);
}

function isTyping(target) {
    return target.closest?.('input, textarea, select, [contenteditable], .terminal-host, .editor, dialog');
}

export function listenKeys() {
    addEventListener('keydown', (event) => {
        if (!state.keys || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target))
            return;
        const entry = KEYS.find((row) => row.key === event.key);
        if (!entry || (entry.when && !entry.when()))
            return;
        event.preventDefault();
        entry.run();
    });
}
