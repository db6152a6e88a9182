// SPDX-License-Identifier: GPL-2.0-or-later
// view_time.js - the run so far as a picture: exits by kind, a row for each VM, in instructions of all VMs.
// The line where the machine stands is dragged, or moved with keys, to any instruction.
import { html, Panel, Waiting, VmName, useEffect, useRef, useState, useWidth } from './ui.js';
import { state } from './store.js';
import { useLook } from './look.js';
import { goTotal, command } from './session.js';
import { count } from './format.js';

const LANE = 88;
const AXIS = 24;
const LEFT = 48;
const LEAST = 64; // instructions that the narrowest window shows

function niceTicks(from, to, room) {
    const rough = (to - from) / Math.max(2, Math.floor(room / 110));
    const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
    const each = Math.max(1, [1, 2, 5, 10].find((n) => n * power >= rough) * power);
    const ticks = [];
    for (let at = Math.ceil(from / each) * each; at <= to; at += each)
        ticks.push(at);
    return ticks;
}

// Bars of one VM: by bucket, the kinds on each other. The height is by the root of the count, so that one exit shows beside thousands.
function Bars({ rows, buckets, most, x, top }) {
    const bars = [];
    for (let i = 0; i < buckets; i++) {
        const here = rows.filter((row) => row.counts[i]);
        const total = here.reduce((sum, row) => sum + row.counts[i], 0);
        let y = top + LANE - 8;
        const height = Math.sqrt(total / most) * (LANE - 24);
        for (const row of here) {
            const part = Math.max(1, (row.counts[i] / total) * height);
            y -= part;
            bars.push(html`<rect key=${`${i}${row.kind}`} x=${x(i)} y=${y} width=${Math.max(1, x(i + 1) - x(i) - 0.5)} height=${part}
                style=${{ fill: `var(--k-${row.kind})` }} />`);
        }
    }
    return bars;
}

function Chart({ data, from, to, total, width, hidden, onGo, onZoom }) {
    const ref = useRef(null);
    const [drag, setDrag] = useState(null);
    const vms = state.at.vms;
    const inner = width - LEFT - 8;
    const height = vms.length * LANE + AXIS;
    const xOf = (at) => LEFT + ((at - from) / Math.max(1, to - from)) * inner;
    const atOf = (event) => {
        const box = ref.current.getBoundingClientRect();
        const share = (event.clientX - box.left - LEFT) / inner;
        return Math.round(from + Math.max(0, Math.min(1, share)) * (to - from));
    };
    const rows = data.rows.filter((row) => !hidden.has(row.kind));
    const sums = (vm, i) => rows.reduce((sum, row) => sum + (row.vm === vm ? row.counts[i] : 0), 0);
    const most = Math.max(1, ...vms.flatMap(({ vm }) => Array.from({ length: data.buckets }, (_, i) => sums(vm, i))));
    const line = xOf(drag ?? total);
    const down = (event) => {
        ref.current.setPointerCapture(event.pointerId);
        setDrag(atOf(event));
    };
    const up = () => {
        if (drag !== null && drag !== total)
            onGo(drag);
        setDrag(null);
    };
    const keys = (event) => {
        const page = Math.max(1, Math.round((to - from) / data.buckets));
        const by = { ArrowRight: event.shiftKey ? 1 : page, ArrowLeft: event.shiftKey ? -1 : -page, PageDown: 10 * page, PageUp: -10 * page }[event.key];
        if (by)
            onGo(Math.max(0, total + by));
        else if (event.key === 'Home')
            onGo(0);
        else if (event.key === '+' || event.key === '=')
            onZoom(0.5, total);
        else if (event.key === '-')
            onZoom(2, total);
        else
            return;
        event.preventDefault();
        event.stopPropagation();
    };
    useEffect(() => {
        const wheel = (event) => {
            if (!event.ctrlKey && !event.shiftKey)
                return;
            event.preventDefault();
            onZoom(event.deltaY + event.deltaX > 0 ? 1.5 : 1 / 1.5, atOf(event));
        };
        ref.current.addEventListener('wheel', wheel, { passive: false });
        return () => ref.current?.removeEventListener('wheel', wheel);
    });
    return html`<svg ref=${ref} class="drawing timeline" width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`} role="slider" tabindex="0"
        aria-label="Where the machine stands, in instructions of all VMs" aria-valuemin=${0} aria-valuemax=${Math.max(to, total)} aria-valuenow=${drag ?? total}
        aria-valuetext=${`instruction ${count(drag ?? total)}`} onPointerDown=${down} onPointerMove=${(event) => drag !== null && setDrag(atOf(event))}
        onPointerUp=${up} onPointerCancel=${() => setDrag(null)} onKeyDown=${keys}>
        <title>Exits over time</title><desc>${`Exits of each VM from instruction ${from} to ${to}, by kind; the table below has the numbers.`}</desc>
        ${vms.map(({ vm }, row) => html`<g key=${vm}>
            <rect class="lane-back" x=${LEFT} y=${row * LANE} width=${inner} height=${LANE - 8} />
            <text class="who" x="0" y=${row * LANE + 20} style=${{ color: `var(--vm${vm % 8})` }}><tspan class="vm">vm${vm}</tspan></text>
            <text class="tick" x=${LEFT - 6} y=${row * LANE + 24} text-anchor="end">${row ? '' : most}</text>
            <${Bars} rows=${rows.filter((r) => r.vm === vm)} buckets=${data.buckets} most=${most} top=${row * LANE}
                x=${(i) => Math.min(LEFT + inner, Math.max(LEFT, xOf(data.from + i * data.width)))} /></g>`)}
        ${niceTicks(from, to, inner).map((at) => html`<g key=${at}><line class="tick-line" x1=${xOf(at)} x2=${xOf(at)} y1=${height - AXIS} y2=${height - AXIS + 5} />
            <text class="tick" x=${xOf(at)} y=${height - 4} text-anchor=${xOf(at) > width - 40 ? 'end' : 'middle'}>${count(at)}</text></g>`)}
        ${line >= LEFT && line <= width && html`<g class="now"><line x1=${line} x2=${line} y1="0" y2=${height - AXIS} /><path d=${`M${line - 6} 0h12l-6 8z`} />
            ${drag !== null && html`<text x=${line + (line > width - 120 ? -10 : 10)} y="14" text-anchor=${line > width - 120 ? 'end' : 'start'}>${count(drag)}</text>`}</g>`}
    </svg>`;
}

// The kinds, with their numbers by VM; a kind is hidden by its button. It is the drawing's text, too.
function Kinds({ data, hidden, toggle }) {
    const vms = state.at.vms.map(({ vm }) => vm);
    const kinds = [...new Set(data.rows.map((row) => row.kind))];
    const total = (kind, vm) => data.rows.find((row) => row.kind === kind && row.vm === vm)?.total || 0;
    return html`<table class="kinds"><thead><tr><th scope="col">exits from ${count(data.from)} to ${count(data.to)}</th>${vms.map((vm) => html`<th key=${vm} scope="col" class="right"><${VmName} vm=${vm} /></th>`)}</tr></thead>
        <tbody>${kinds.map((kind) => html`<tr key=${kind}><th scope="row"><button class="quiet kind" aria-pressed=${!hidden.has(kind)} onClick=${() => toggle(kind)}>
            <span class="swatch" style=${{ background: hidden.has(kind) ? 'transparent' : `var(--k-${kind})`, borderColor: `var(--k-${kind})` }}></span>${kind}</button></th>
            ${vms.map((vm) => html`<td key=${vm} class="right mono">${count(total(kind, vm))}</td>`)}</tr>`)}</tbody></table>`;
}

// The exits before the place where the machine stands.
function Recent() {
    const [rows, setRows] = useState(null);
    return html`<div class="recent"><button disabled=${state.phase !== 'ready'} onClick=${async () => {
            if (await command('traps 16'))
                setRows(state.log.at(-1)?.text);
        }}>List the last exits</button>
        ${rows && html`<pre class="scroll mono">${rows}</pre>`}</div>`;
}

export function TimeView() {
    const { at } = state;
    const total = at?.total || 0, begin = at?.begin || 0;
    const end = at?.known || 0; // the furthest that it has been: what lies behind the line is still there to see
    const [ref, width] = useWidth(600);
    const [zoom, setZoom] = useState(null);
    const [hidden, setHidden] = useState(new Set(['switch']));
    const [from, to] = zoom && zoom[0] < end ? [zoom[0], Math.min(zoom[1], Math.max(end, zoom[0] + LEAST))] : [begin, Math.max(end, begin + 1)];
    // What is shown does not depend on where in it the machine stands: only when more is known is it asked for again.
    const view = useLook('timeline', { from, to, begin, buckets: Math.max(32, Math.min(240, Math.floor((width - LEFT) / 5), to - from)) }, end > begin, state.argv);
    const onZoom = (by, around) => {
        const span = Math.max(LEAST, Math.round((to - from) * by));
        if (span >= end - begin) {
            setZoom(null);
            return;
        }
        const first = Math.max(begin, Math.min(end - span, Math.round(around - (around - from) * (span / (to - from)))));
        setZoom([first, first + span]);
    };
    const toggle = (kind) => setHidden((now) => {
        const next = new Set(now);
        if (!next.delete(kind))
            next.add(kind);
        return next;
    });
    const pan = (by) => {
        const move = Math.round((to - from) * by);
        const first = Math.max(begin, Math.min(end - (to - from), from + move));
        setZoom([first, first + (to - from)]);
    };
    const tools = html`<button aria-label="Earlier" disabled=${!zoom} onClick=${() => pan(-0.5)}>◂</button>
        <button aria-label="Zoom in" onClick=${() => onZoom(0.5, total)}>+</button><button aria-label="Zoom out" disabled=${!zoom} onClick=${() => onZoom(2, total)}>−</button>
        <button disabled=${!zoom} onClick=${() => setZoom(null)}>All</button><button aria-label="Later" disabled=${!zoom} onClick=${() => pan(0.5)}>▸</button>`;
    return html`<${Panel} title="Exits over time" tools=${tools}>
        <p class="muted small">Drag the line to any instruction, or use the arrow keys (with Shift: single instructions), <kbd>+</kbd> and <kbd>-</kbd>. The axis counts the instructions of all machines.</p>
        <div ref=${ref}>${view.data && at ? html`<${Chart} data=${view.data} from=${from} to=${to} total=${total} width=${width} hidden=${hidden} onGo=${(total) => state.phase === 'ready' && goTotal(total)} onZoom=${onZoom} />` :
            end > begin ? html`<${Waiting} view=${view} />` : html`<p>Nothing has run yet. Press <kbd>r</kbd> or <em>Run</em>.</p>`}</div>
        ${view.data && at && html`<div class="time-below"><${Kinds} data=${view.data} hidden=${hidden} toggle=${toggle} /><${Recent} /></div>`}
    <//>`;
}
