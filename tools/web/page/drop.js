// SPDX-License-Identifier: GPL-2.0-or-later
// drop.js - files of a person's own: kernels with their RAM disks and disks, recordings, snapshots. They stay in
// the page.
import { state, set, complain } from './store.js';
import { open, placeOf, putFile } from './session.js';
import { base64, bytes } from './format.js';

const MOST = 64 << 20;

// The name under which it is stored: what the session and a link can hold.
function nameOf(file) {
    return file.name.replace(/[^\w.+-]/g, '-').replace(/^[.-]+/, '').slice(-80) || 'file';
}

const text = (bytes, from, to) => String.fromCharCode(...bytes.subarray(from, to));

// The words of `open` for a file: what its first bytes say. Linux as it is built for a board (Image) says so at
// 0x30, and has more to unpack than the memory that other guests get. Packed files are initial RAM disks.
function wordsFor(name, bytes) {
    if (text(bytes, 0x30, 0x35) === 'RISCV')
        return { options: ['--mem', '64M'], kernel: name };
    if (text(bytes, 0, 2) === '\x1f\x8b' || text(bytes, 0, 5) === '07070')
        return { options: ['--initrd', name] };
    if (/\.img$/.test(name))
        return { options: ['--disk', name] };
    return { options: [], kernel: name };
}

// Those of all files together. Without a kernel among them, they are for the one that is open.
function wordsForAll(rows) {
    const options = rows.flatMap((row) => row.options), kernels = rows.flatMap((row) => row.kernel ?? []);
    return [...options, ...(kernels.length ? kernels : state.argv)];
}

let waiting = null;

export async function openFiles(list) {
    const files = [...list];
    const names = [], words = [];
    for (const file of files) {
        if (file.size > MOST) {
            complain(`${file.name} has ${bytes(file.size)}; the page takes up to ${bytes(MOST)}.`,
                'Open it with pz at a terminal.');
            return;
        }
        try {
            const name = nameOf(file), buffer = await file.arrayBuffer();
            await putFile(name, base64(buffer));
            names.push(name);
            words.push(wordsFor(name, new Uint8Array(buffer)));
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
        await openOwn(wordsForAll(words));
}

// If it is nothing that can be opened, what was open is opened again.
async function openOwn(words) {
    const { argv, at } = state;
    if (await open(words, { first: true }) || !at)
        return;
    const problem = { text: state.problem.text,
        todo: 'Drop a riscv32 kernel (ELF, or Linux’s Image; with its initial RAM disk), a recording (.pzr) or a snapshot (.pzs). What was open is open again.' };
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
