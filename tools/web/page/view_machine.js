// SPDX-License-Identifier: GPL-2.0-or-later
// view_machine.js - the machine from outside: its VMs' consoles, who has page 0, and machine memory.
import { html, Panel, Waiting, VmName, useWidth } from './ui.js';
import { state } from './store.js';
import { useLook } from './look.js';
import { count } from './format.js';
import { Console } from './console.js';
import { PageZero } from './pagezero.js';
import { MemoryGrid } from './memory.js';

function ConsolePanel({ row }) {
    return html`<section class="panel console" style=${{ '--c': `var(--vm${row.vm % 8})` }} aria-label=${`Console of vm${row.vm}`}>
        <header class="panel-head"><h2><${VmName} vm=${row.vm} /> <span class="muted">${row.state}</span></h2>
            <span class="muted mono">${count(row.retired)} insns · ${count(row.exits)} exits</span></header>
        <${Console} vm=${row.vm} />
    </section>`;
}

export function MachineView() {
    const tables = useLook('tables');
    const pages = useLook('pages');
    const [ref, width] = useWidth(600);
    const vms = state.at?.vms || [];
    return html`<div class="machine-grid">
        <div class=${'consoles ' + (vms.length === 1 ? 'one' : '')}>${vms.map((row) => html`<${ConsolePanel} key=${row.vm} row=${row} />`)}</div>
        <div class="machine-pictures" ref=${ref}>
            <${Panel} title="Who has page 0?">${tables.data && pages.data ? html`<${PageZero} tables=${tables.data} pages=${pages.data} width=${width} />` : html`<${Waiting} view=${tables} />`}<//>
            <${Panel} title="Machine memory">${pages.data ? html`<${MemoryGrid} pages=${pages.data} width=${width} />` : html`<${Waiting} view=${pages} />`}<//>
        </div>
    </div>`;
}
