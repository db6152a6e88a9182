// SPDX-License-Identifier: GPL-2.0-or-later
// memory.js - machine memory as a grid of pages by owner; a cell is as many pages as it takes to fit.
import { html, vmColour, VmName, useState } from './ui.js';
import { useGrid } from './grid.js';
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

// Rows of cells; equal neighbours are one.
function rowsOf(list, columns) {
    const rows = [];
    for (let i = 0; i < list.length; i++) {
        const fill = list[i] ? fillOf(list[i]) : 'var(--sunk)';
        if (i % columns === 0)
            rows.push([]);
        const row = rows.at(-1), last = row.at(-1);
        if (last?.fill === fill)
            last.cells++;
        else
            row.push({ at: i, cells: 1, fill, run: list[i] });
    }
    return rows;
}

// Whose it is, in words.
function ownerOf(run) {
    const what = run ? KINDS[run.kind] ?? run.kind : 'free';
    const nobodys = what === 'free' || what === 'set aside';
    return run && run.owner !== null ? `vm${run.owner} ${what}` : `${nobodys ? '' : 'the monitor '}${what}`;
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
    const grid = useGrid('Machine memory by owner');
    const [told, tell] = useState('');
    const say = ({ at, cells: n, run }) => `${hex((pages.first + at * each) * 4096)}, ${bytes(Math.min(n * each, pages.count - at * each) * 4096)}: ${ownerOf(run)}`;
    return html`<figure><svg class="drawing grid" viewBox=${`0 0 ${columns * CELL} ${height}`} width=${columns * CELL} height=${height} ...${grid}>
            ${rowsOf(list, columns).map((row, y) => html`<g key=${y} role="row">${row.map((cell) => html`<rect key=${cell.at} role="gridcell" aria-label=${say(cell)}
                x=${(cell.at % columns) * CELL} y=${y * CELL} width=${cell.cells * CELL} height=${CELL} style=${{ fill: cell.fill }}
                onFocus=${() => tell(say(cell))} onBlur=${() => tell('')} onPointerEnter=${() => tell(say(cell))} onPointerLeave=${() => tell('')} />`)}</g>`)}
            <path class="grid-lines" aria-hidden="true" d=${lines(columns, height)} />
        </svg>
        <p class="muted small">${told || `From ${hex(pages.first * 4096)}; a square is ${plural(each, 'page')} (${bytes(each * 4096)}).`}</p>
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
