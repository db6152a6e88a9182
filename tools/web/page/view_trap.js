// SPDX-License-Identifier: GPL-2.0-or-later
// view_trap.js - one exit: its path through the lanes, why in words, the CSRs side by side, and the tables
// that the address in question goes through. `state.into` is the step that is shown.
import { html, Panel, Waiting } from './ui.js';
import { state } from './store.js';
import { useLook } from './look.js';
import { stepInto, stepOut } from './session.js';
import { count, hex } from './format.js';
import { Lanes } from './lanes.js';
import { Explorer } from './explorer.js';
import { Csrs, Registers, Code } from './cpu.js';

const WORDS = [['tried', 'Tried'], ['refused', 'Refused'], ['did', 'Done'], ['shows', 'Shows']];

function Why({ why }) {
    const { data } = why;
    if (!data)
        return html`<${Waiting} view=${why} />`;
    const rows = WORDS.filter(([name]) => data[name]);
    if (!rows.length)
        return html`<pre class="why-text">${data.text}</pre>`;
    return html`<dl class="why">${rows.map(([name, label]) => html`<dt key=${name}>${label}</dt><dd key=${name + 'd'}><${Quoted} text=${data[name]} /></dd>`)}</dl>`;
}

// Text in which `code` stands between backquotes.
function Quoted({ text }) {
    return text.split('`').map((part, i) => (i % 2 ? html`<code key=${i}>${part}</code>` : part));
}

function ExitHead({ exit }) {
    return html`<p class="exit-head">
        <strong>${exit.action}</strong> of <span class="vm-name" style=${{ '--c': `var(--vm${exit.vm % 8})` }}>vm${exit.vm}</span>
        <span> after ${count(exit.retired)} instructions: </span>
        <code>${exit.insn || exit.cause_name}</code> <span>at ${hex(exit.pc)} ${exit.symbol}</span>
    </p>`;
}

// The values that CSRs had at the step that is shown: what later steps wrote is undone.
export function atStep(steps, into, name, now) {
    if (into === null)
        return now;
    for (const step of steps.slice(into + 1))
        if (step.wrote?.[name])
            return step.wrote[name][0];
    return now;
}

// The address that the exit was about; null: about none.
const FAULTS = [1, 5, 7, 12, 13, 15, 20, 21, 23];

function tellingAddress(exit) {
    return exit && FAULTS.includes(exit.cause) && exit.action !== 'interrupt' ? exit.tval : null;
}

function IntoTools({ steps }) {
    const { into } = state;
    return html`<span class="muted into-count">${into === null ? `${steps} steps` : `step ${into + 1} of ${steps}`}</span>
        <button data-do="out" disabled=${!steps} title="The step before (o)" aria-label="The step before" onClick=${() => stepOut(steps)}>↑</button>
        <button data-do="into" disabled=${!steps} title="Into: the next step (i)" onClick=${() => stepInto(steps)}>Into ↓</button>`;
}

export function TrapView() {
    const exit = useLook('exit');
    const why = useLook('why');
    const steps = exit.data?.steps || [];
    return html`<div class="trap-grid">
        <${Panel} title="The path of this exit" name="path" tools=${html`<${IntoTools} steps=${steps.length} />`}>
            ${exit.data ? html`<${ExitHead} exit=${exit.data.exit} /><${Lanes} lanes=${exit.data.lanes} steps=${steps} into=${state.into} />` :
                exit.error ? html`<p class="muted">${exit.error}</p><p>Press <kbd>t</kbd> or <em>Trap</em>: the machine runs to its next exit.</p>` :
                html`<${Waiting} view=${exit} />`}
        <//>
        <div class="trap-side">
            <${Panel} title="Why"><${Why} why=${why} /><//>
            <${Csrs} steps=${steps} into=${state.into} changes=${exit.data?.changes || {}} />
        </div>
        <${Code} />
        <${Registers} steps=${steps} into=${state.into} />
        <${Explorer} telling=${tellingAddress(exit.data?.exit)} />
    </div>`;
}
