// SPDX-License-Identifier: GPL-2.0-or-later
// lanes.js - the lane diagram of an exit. A row is a step: left the lanes, with the path that goes through
// them; right what happens, as text, which is what a screen reader reads. Rows are as high as their text.
import { html, useLayoutEffect, useRef, useWidth } from './ui.js';
import { set } from './store.js';
import { count, hex } from './format.js';

const NAMES = { guest: 'Guest', cpu: 'CPU', dispatcher: 'Dispatcher', interpreter: 'Interpreter', shadow: 'Shadow' };
const Y = 16; // of the path, in each row

function RowPath({ lanes, lane, before, last, gap, on, first }) {
    const x = (name) => gap / 2 + lanes.indexOf(name) * gap;
    return html`<svg class="rail" width=${gap * lanes.length} aria-hidden="true">
        ${lanes.map((name) => html`<line key=${name} class="guide" x1=${x(name)} x2=${x(name)} y1="0" y2="100%" />`)}
        <line class="way" x1=${x(before)} x2=${x(before)} y1=${first ? Y - 8 : 0} y2=${Y} />
        <line class="way" x1=${x(before)} x2=${x(lane)} y1=${Y} y2=${Y} />
        ${!last && html`<line class="way" x1=${x(lane)} x2=${x(lane)} y1=${Y} y2="100%" />`}
        <circle class=${'stop-' + lane} cx=${x(lane)} cy=${Y} r=${on ? 7 : 5} />
    </svg>`;
}

// Counts are decimal; the rest are addresses, registers and entries.
const COUNTS = /^(cause|time|retired|SUM|MXR|level|timer deadline|shadow fills)$/;

function show(name, value) {
    return value === null ? 'none' : typeof value !== 'number' ? String(value) : COUNTS.test(name) ? count(value) : hex(value);
}

function Fields({ step }) {
    const read = Object.entries(step.read || {});
    const wrote = Object.entries(step.wrote || {});
    if (!read.length && !wrote.length)
        return null;
    return html`<div class="fields-of mono">
        ${read.length > 0 && html`<span class="muted">read </span>${read.map(([name, value]) => html`<span key=${name} class="field">${name} ${show(name, value)}</span>`)}`}
        ${wrote.map(([name, [before, after]]) => html`<span key=${'w' + name} class="field wrote">${name} ${show(name, before)} → ${show(name, after)}</span>`)}
    </div>`;
}

function Step({ step, i, into, lanes, before, last, gap }) {
    const on = into === i;
    const ref = useRef(null);
    useLayoutEffect(() => {
        if (on)
            ref.current.scrollIntoView({ block: 'nearest' });
    }, [on]);
    return html`<li ref=${ref} class=${`step ${on ? 'on' : ''} ${into !== null && i > into ? 'later' : ''}`} aria-current=${on ? 'step' : null}>
        <${RowPath} lanes=${lanes} lane=${step.lane} before=${before} last=${last} first=${i === 0} gap=${gap} on=${on} />
        <button class="step-text" onClick=${() => set({ into: i })}>
            <span class="step-name">${step.step}</span> <span class=${'lane-tag lane-' + step.lane}>${NAMES[step.lane] || step.lane}</span>
            <span class="step-says">${step.text}</span>
            <span class="step-where mono">${step.where}</span>
        </button>
        <${Fields} step=${step} />
    </li>`;
}

export function Lanes({ lanes, steps, into }) {
    const [ref, width] = useWidth(600);
    const gap = width < 560 ? 16 : width < 900 ? 40 : 88;
    // The exit begins in the guest, wherever its first step is.
    return html`<div class="lanes" ref=${ref} style=${{ '--rail': `${gap * lanes.length}px` }}>
        ${gap === 88 && html`<div class="lane-heads" aria-hidden="true">${lanes.map((name) => html`<span key=${name} style=${{ width: gap + 'px' }}>${NAMES[name] || name}</span>`)}</div>`}
        <ol>${steps.map((step, i) => html`<${Step} key=${i} step=${step} i=${i} into=${into} lanes=${lanes} gap=${gap}
            before=${i ? steps[i - 1].lane : 'guest'} last=${i === steps.length - 1} />`)}</ol>
    </div>`;
}
