// SPDX-License-Identifier: GPL-2.0-or-later
// memory.js - machine memory as a grid of pages by owner; a cell is as many pages as it takes to fit.
import { html, Drawing, vmColour, VmName } from './ui.js';
import { bytes, count, hex, plural } from './format.js';

const CELL = 10;
const ROWS = 24;

const KINDS = { guest: 'RAM', pmap: 'pmap', 'shadow-root': 'shadow tables', 'shadow-leaf': 'shadow tables', 'shadow-link': 'shadow tables',
    monitor: '', reserved: 'set aside', free: 'free', shared: 'shared', 'share-table': 'table of shared pages' };

function fillOf({ owner, kind }) {
    if (kind === 'free')
        return 'var(--sunk)';
    if (owner === null)
        return kind === 'reserved' ? 'var(--aside)' : 'var(--monitor)';
    if (kind === 'reserved')
        return `color-mix(in srgb, ${vmColour(owner)} 16%, var(--sunk))`;
    return kind === 'guest' ? vmColour(owner) : `color-mix(in srgb, ${vmColour(owner)} 55%, var(--text))`;
}

// Cells of `each` pages: what the most telling page of them is (in use before set aside before free).
function cells(pages, each) {
    const rank = { free: 0, reserved: 1 };
    const list = new Array(Math.ceil(pages.count / each)).fill(null);
    for (const run of pages.runs) {
        const from = Math.floor((run.first - pages.first) / each);
        const to = Math.floor((run.first - pages.first + run.count - 1) / each);
        for (let i = from; i <= to; i++)
            if (!list[i] || (rank[run.kind] ?? 2) >= (rank[list[i].kind] ?? 2))
                list[i] = run;
    }
    return list;
}

// Equal neighbours of a row are one rectangle.
function rects(list, columns) {
    const out = [];
    for (let i = 0; i < list.length; i++) {
        const fill = list[i] ? fillOf(list[i]) : 'var(--sunk)';
        const last = out.at(-1);
        if (last && last.fill === fill && i % columns)
            last.cells++;
        else
            out.push({ at: i, cells: 1, fill });
    }
    return out;
}

// Owners and kinds, with their pages.
function sums(pages) {
    const table = new Map();
    for (const run of pages.runs) {
        const what = KINDS[run.kind] ?? run.kind;
        const key = `${run.owner}:${what}`;
        const row = table.get(key) || { owner: run.owner, what, pages: 0, fill: fillOf(run) };
        row.pages += run.count;
        table.set(key, row);
    }
    return [...table.values()];
}

export function MemoryGrid({ pages, width }) {
    const columns = Math.max(24, Math.floor((Math.min(width, 760) - 34) / CELL));
    const each = Math.max(1, Math.ceil(pages.count / (columns * ROWS)));
    const list = cells(pages, each);
    const table = sums(pages);
    const height = Math.ceil(list.length / columns) * CELL;
    const says = table.map((row) => `${row.owner === null ? 'monitor' : 'vm' + row.owner} ${row.what} ${row.pages} pages`).join(', ');
    return html`<figure><${Drawing} title="Machine memory by owner" description=${says} width=${columns * CELL} height=${height} name="grid">
            ${rects(list, columns).map(({ at, cells: n, fill }) => html`<rect key=${at} x=${(at % columns) * CELL} y=${Math.floor(at / columns) * CELL}
                width=${n * CELL} height=${CELL} style=${{ fill }} />`)}
            <path class="grid-lines" d=${lines(columns, height)} />
        <//>
        <p class="muted small">From ${hex(pages.first * 4096)}; a square is ${plural(each, 'page')} (${bytes(each * 4096)}).</p>
        <ul class="legend">${table.map((row) => html`<li key=${row.owner + row.what}><span class="swatch" style=${{ background: row.fill }}></span>
            ${row.owner === null ? (row.what === 'free' || row.what === 'set aside' ? '' : 'the monitor ') : html`<${VmName} vm=${row.owner} /> `}${row.what} <span class="muted">${count(row.pages)}</span></li>`)}</ul>
    </figure>`;
}

function lines(columns, height) {
    let d = '';
    for (let x = 1; x < columns; x++)
        d += `M${x * CELL} 0V${height}`;
    for (let y = CELL; y < height; y += CELL)
        d += `M0 ${y}H${columns * CELL}`;
    return d;
}
