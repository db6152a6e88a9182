// SPDX-License-Identifier: GPL-2.0-or-later
// drop.js - files of a person's own: kernels, recordings, snapshots. They stay in the page.
import { state, set, complain } from './store.js';
import { open, placeOf, putFile } from './session.js';
import { base64, bytes } from './format.js';

const MOST = 64 << 20;

// The name under which it is stored: what the session and a link can hold.
function nameOf(file) {
    return file.name.replace(/[^\w.+-]/g, '-').replace(/^[.-]+/, '').slice(-80) || 'file';
}

let waiting = null;

export async function openFiles(list) {
    const files = [...list];
    const names = [];
    for (const file of files) {
        if (file.size > MOST) {
            complain(`${file.name} has ${bytes(file.size)}; the page takes up to ${bytes(MOST)}.`,
                'Open it with pz at a terminal.');
            return;
        }
        try {
            const name = nameOf(file);
            await putFile(name, base64(await file.arrayBuffer()));
            names.push(name);
        } catch (error) {
            complain(`${file.name}: ${error.message}`, 'Drop a file, not a folder.');
            return;
        }
    }
    set({ dialog: null });
    if (state.pending && names.some((name) => state.pending.argv.includes(name))) {
        const place = state.pending;
        set({ pending: null });
        await waiting(place);
        return;
    }
    if (names.length)
        await openOwn(names);
}

// If it is nothing that can be opened, what was open is opened again.
async function openOwn(names) {
    const { argv, at } = state;
    if (await open(names, { first: true }) || !at)
        return;
    const problem = { text: state.problem.text,
        todo: 'Drop a riscv32 ELF kernel, a recording (.pzr) or a snapshot (.pzs). What was open is open again.' };
    await open(argv, placeOf(at));
    set({ problem });
}

export function listenDrops(openPlace) {
    waiting = openPlace;
    const page = document.documentElement;
    addEventListener('dragover', (event) => {
        event.preventDefault();
        page.dataset.drop = '';
    });
    addEventListener('dragleave', (event) => {
        if (!event.relatedTarget)
            delete page.dataset.drop;
    });
    addEventListener('drop', (event) => {
        event.preventDefault();
        delete page.dataset.drop;
        if (event.dataTransfer.files.length)
            openFiles(event.dataTransfer.files);
    });
}
