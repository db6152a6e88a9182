// SPDX-License-Identifier: GPL-2.0-or-later
// pagezero.js - who has page 0: for each VM, from the address that its program and its kernel use (gva)
// through its own page table (gpa) and the pmap to machine memory (mpa). Arrows move when a mapping does.
import { html, Drawing, vmColour } from './ui.js';
import { hex } from './format.js';

const ROW = 56;
const TOP = 32;

function rowsOf(tables) {
    return tables.vms.flatMap(({ vm, program, kernel }) => [
        { vm, who: 'program', ...program }, { vm, who: 'kernel', ...kernel }]);
}

function Box({ x, y, width, text, colour, dim }) {
    return html`<g class=${'moves ' + (dim ? 'dim' : '')} style=${{ transform: `translate(${x}px, ${y}px)` }}>
        <rect class="address" width=${width} height="28" rx="4" style=${{ stroke: colour }} />
        <text class="mono" x=${width / 2} y="18" text-anchor="middle">${text}</text></g>`;
}

function curve(x1, y1, x2, y2) {
    const mid = (x1 + x2) / 2;
    return `M${x1} ${y1}C${mid} ${y1} ${mid} ${y2} ${x2} ${y2}`;
}

// Machine memory as a bar: where a page is, and whose.
function Bar({ pages, x, height }) {
    const y = (page) => TOP + ((page - pages.first) / pages.count) * height;
    return html`<g><rect x=${x} y=${TOP} width="24" height=${height} class="bar" />
        ${pages.runs.filter(({ kind }) => kind !== 'free').map((run) => html`<rect key=${run.first} x=${x} width="24" y=${y(run.first)}
            height=${Math.max(1, (run.count / pages.count) * height)} style=${{ fill: run.owner === null ? 'var(--monitor)' : run.kind === 'reserved' ? `color-mix(in srgb, ${vmColour(run.owner)} 30%, var(--panel))` : vmColour(run.owner) }} />`)}</g>`;
}

// The part of machine memory that is in use.
function used(pages) {
    const last = pages.runs.filter(({ kind }) => kind !== 'free').at(-1);
    return { ...pages, count: Math.max(1, last ? last.first + last.count - pages.first : pages.count) };
}

export function PageZero({ tables, pages: all, width }) {
    const pages = used(all);
    const rows = rowsOf(tables);
    const wide = Math.max(320, Math.min(width - 34, 760));
    const height = rows.length * ROW;
    const labels = wide < 480 ? 0 : 112;
    const box = wide < 480 ? 80 : 92;
    const barX = wide - 24;
    const step = (barX - labels - box) / 2.4;
    const x = [labels, labels + step];
    const end = barX;
    const y = (i) => TOP + i * ROW + (labels ? 8 : 20);
    const mpaY = (mpa) => TOP + ((mpa / 4096 - pages.first) / pages.count) * height;
    const says = rows.map((row) => `vm${row.vm}’s ${row.who}: ${hex(row.gva)} is ${row.mapped ? `guest-physical ${hex(row.gpa)}, machine ${hex(row.machine)}` : 'not mapped now'}`).join('; ');
    return html`<figure class="page-zero"><${Drawing} title="Who has page 0" description=${says} width=${wide} height=${height + TOP + 8}>
        ${['gva', 'gpa'].map((name, i) => html`<text key=${name} class="column" x=${x[i] + box / 2} y="16" text-anchor="middle">${name}</text>`)}
        <text class="column" x=${wide} y="16" text-anchor="end">mpa</text>
        <${Bar} pages=${pages} x=${barX} height=${height} />
        ${rows.map((row, i) => html`<g key=${i} style=${{ color: vmColour(row.vm) }}>
            <text class="who" x=${labels ? 0 : x[0]} y=${labels ? y(i) + 18 : y(i) - 5}><tspan class="vm">vm${row.vm}</tspan> ${row.who}</text>
            <${Box} x=${x[0]} y=${y(i)} width=${box} text=${hex(row.gva)} colour=${vmColour(row.vm)} dim=${!row.mapped} />
            ${row.mapped ? html`
                <path class="mapping" d=${curve(x[0] + box, y(i) + 14, x[1], y(i) + 14)} />
                <${Box} x=${x[1]} y=${y(i)} width=${box} text=${hex(row.gpa)} colour=${vmColour(row.vm)} />
                <path class="mapping" d=${curve(x[1] + box, y(i) + 14, end, mpaY(row.machine))} />
                <circle class="moves landing" style=${{ transform: `translate(${end}px, ${mpaY(row.machine)}px)` }} r="4" />
                ${labels > 0 && html`<text class="mono mpa" x=${x[1] + box + 8} y=${y(i) + 34}>${hex(row.machine)}</text>`}` :
            html`<text class="unmapped" x=${x[0] + box + 12} y=${y(i) + 18}>not mapped now</text>`}
        </g>`)}
    <//></figure>`;
}
