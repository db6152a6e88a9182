// SPDX-License-Identifier: GPL-2.0-or-later
// cpu.js - the CPU in tables: CSRs, what the guest believes beside what is real; registers; code.
import { html, Panel, Waiting, useState } from './ui.js';
import { Grid, TableGrid } from './grid.js';
import { useLook } from './look.js';
import { hex } from './format.js';
import { command } from './session.js';
import { state } from './store.js';
import { atStep } from './view_trap.js';

function Changed({ before, value }) {
    if (before === value || before === undefined)
        return hex(value);
    return html`<span class="was">${hex(before)} →</span> ${hex(value)}`;
}

export function Csrs({ steps, into, changes }) {
    const view = useLook('csrs');
    const [all, setAll] = useState(false);
    if (!view.data)
        return html`<${Panel} title="CSRs: virtual and real"><${Waiting} view=${view} /><//>`;
    const counters = /^(cycle|time|instret)h?$/;
    const mode = atStep(steps, into, 'mode', view.data.mode);
    const rows = view.data.csrs.filter(({ name }) => all || !counters.test(name));
    return html`<${Panel} title="CSRs: virtual and real" tools=${html`<button class="quiet" aria-pressed=${all} onClick=${() => setAll(!all)}>Counters</button>`}>
        <div class="scroll"><${TableGrid} label="CSRs: virtual and real" name="mono csrs"><thead><tr><th scope="col">CSR</th><th scope="col">virtual: the guest’s</th><th scope="col">real: the CPU’s</th></tr></thead><tbody>
            <tr class=${mode !== view.data.real_mode ? 'differs' : ''}><th scope="row">mode</th><td>${mode}</td><td>${view.data.real_mode}</td></tr>
            ${rows.map((row) => {
                const value = atStep(steps, into, row.name, row.virtual);
                const before = beforeOf(row, value, steps, into, changes);
                return html`<tr key=${row.name} class=${before !== value ? 'changed' : ''}><th scope="row">${row.name}</th>
                    <td><${Changed} before=${before} value=${value} /></td><td><${Real} text=${row.real} /></td></tr>`;
            })}
        </tbody><//></div>
        ${rows.some(({ real }) => real === NOT_LOADED) && html`<p class="muted small">${NOT_LOADED[0].toUpperCase() + NOT_LOADED.slice(1)}.</p>`}
    <//>`;
}

// What was there before what is shown: the step; else the last move, if it was a short one; else the exit.
function beforeOf(row, value, steps, into, changes) {
    if (into !== null)
        return steps[into]?.wrote?.[row.name]?.[0] ?? value;
    return state.near ? row.before : changes[row.name]?.[0] ?? value;
}

// A value, and in brackets or instead of it a remark; what most rows say is said once, below the table.
const NOT_LOADED = 'not loaded: the guest cannot reach it';

function Real({ text }) {
    const value = /^0x[0-9a-f]+/.exec(text)?.[0];
    const remark = text === NOT_LOADED ? 'not loaded' : value ? text.slice(value.length).trim() : text;
    return html`${value || ''} <span class="remark">${remark}</span>`;
}

export function Registers({ steps, into }) {
    const view = useLook('regs');
    if (!view.data)
        return html`<${Panel} title="Registers" name="registers"><${Waiting} view=${view} /><//>`;
    return html`<${Panel} title="Registers" name="registers">
        <${Grid} label="Registers" name="regs mono">${view.data.regs.map((reg) => {
            const value = atStep(steps, into, reg.name, reg.value);
            return html`<div key=${reg.name} role="row" class=${state.near && into === null && reg.before !== reg.value ? 'changed' : ''} title=${reg.symbol || null}>
                <span role="rowheader">${reg.name}</span><span role="gridcell">${hex(value)}</span></div>`;
        })}<//>
    <//>`;
}

export function Code() {
    const view = useLook('dis', { count: 16 });
    if (!view.data)
        return html`<${Panel} title="Code" name="code"><${Waiting} view=${view} /><//>`;
    return html`<${Panel} title="Code" name="code">
        <div class="scroll"><${TableGrid} label="Code" name="mono code-rows"><thead class="unseen"><tr><th scope="col">stop</th><th scope="col">address</th><th scope="col">instruction</th><th scope="col">symbol</th></tr></thead><tbody>
        ${view.data.insns.map((row) => html`<tr key=${row.address} class=${row.address === view.data.pc ? 'here' : ''}>
            <td><button class=${'point ' + (row.point ? 'set' : '')} disabled=${state.phase !== 'ready'} aria-pressed=${!!row.point} aria-label=${`Breakpoint at ${hex(row.address)}`}
                onClick=${() => command(row.point ? `delete ${row.point}` : `break ${hex(row.address)}`)}></button></td>
            <td>${hex(row.address)}</td><td>${row.insn}</td><td class="muted">${row.symbol}</td></tr>`)}
        </tbody><//></div>
    <//>`;
}
