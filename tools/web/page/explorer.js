// SPDX-License-Identifier: GPL-2.0-or-later
// explorer.js - the page-table explorer: one virtual address through the guest's own table, the pmap, and
// the table that the CPU walks: the shadow, or under assistance the second stage, which is the pmap.
import { html, Panel, Waiting, useState, Fragment } from './ui.js';
import { state, set, complain } from './store.js';
import { Grid } from './grid.js';
import { useLook } from './look.js';
import { hex, number } from './format.js';

const FLAGS = ['d', 'a', 'g', 'u', 'x', 'w', 'r', 'v'];
const SAY = { d: 'dirty', a: 'accessed', g: 'global', u: 'for user mode', x: 'execute', w: 'write', r: 'read', v: 'valid' };

function Flags({ entry }) {
    const set = FLAGS.filter((flag, i) => entry & (1 << (7 - i)));
    return html`<span class="flags" role="img" aria-label=${set.length ? set.map((flag) => SAY[flag]).join(', ') : 'not valid'}>
        ${FLAGS.map((flag, i) => html`<span key=${flag} class=${entry & (1 << (7 - i)) ? 'set' : ''}>${entry & (1 << (7 - i)) ? flag.toUpperCase() : '·'}</span>`)}</span>`;
}

function Level({ level }) {
    return html`<div class="level" role="gridcell"><div class="level-name">level ${level.level} [${level.index}] <span class="muted">at ${hex(level.address)}</span></div>
        <div class="mono">${hex(level.entry)}</div><${Flags} entry=${level.entry} /></div>`;
}

function Walk({ title, who, from, fromName, levels, to, toName, none }) {
    return html`<div class=${'walk ' + who} style=${{ '--vm': `var(--vm${(state.at?.vm || 0) % 8})` }}><h3>${title}</h3>
        <${Grid} label=${title} name="walk-grid"><div class="walk-row" role="row"><div class="end" role="rowheader"><span class="muted">${fromName}</span><div class="mono">${hex(from)}</div></div>
        ${levels.map((level) => html`<${Fragment} key=${level.level}><span class="arrow" aria-hidden="true">→</span><${Level} level=${level} /><//>`)}
        <span class="arrow" aria-hidden="true">→</span>
        <div class=${'end ' + (to === null ? 'none' : '')} role="gridcell"><span class="muted">${toName}</span><div class="mono">${to === null ? none : hex(to)}</div></div></div><//></div>`;
}

function Walks({ data }) {
    const guest = data.guest_walk, pmap = data.pmap_walk, shadow = data.shadow_walk;
    const gpa = data.mapped ? data.gpa : null, mpa = data.machine || null;
    const second = data.stage === 'second';
    return html`<div class="walks">
        ${guest && html`<${Walk} title=${guest.on ? 'Guest’s page table' : 'Guest’s page table: translation is off'} who="of-guest" fromName="gva" from=${data.gva} levels=${guest.levels} toName="gpa" to=${gpa} none=${guest.result} />`}
        ${pmap && html`<${Walk} title=${second ? 'Second stage (the pmap), walked by the CPU' : 'Monitor’s pmap'} who="of-monitor" fromName="gpa" from=${gpa} levels=${pmap.levels} toName="mpa" to=${mpa} none="no page yet" />`}
        ${!second && (shadow ? html`<${Walk} title="Shadow, walked by the CPU" who="of-shadow" fromName="gva" from=${data.gva} levels=${shadow.levels} toName="mpa" to=${data.shadow && shadow.levels.at(-1)?.entry & 1 ? leafTo(shadow.levels.at(-1), data.gva) : null} none="no entry: the next access traps" />` :
            html`<div class="walk of-shadow"><h3>Shadow</h3><p class="muted">None yet for this address space and mode.</p></div>`)}
        <p class=${'verdict ' + (data.agrees === false ? 'bad' : '')}>${data.check}</p>
    </div>`;
}

function leafTo(level, gva) {
    return level.to + (gva & (level.level ? 0x3fffff : 0xfff));
}

export function Explorer({ telling }) {
    const [text, setText] = useState('');
    const gva = state.gva || telling || state.at?.pc || 0;
    const view = useLook('walk', { gva });
    const go = (event) => {
        event.preventDefault();
        const to = /^pc$/i.test(text.trim()) ? state.at.pc : number(text);
        if (Number.isNaN(to) || to > 0xffffffff)
            complain(`'${text}' is no virtual address.`, 'Write 32 bits, such as 0xc0000000, or pc.');
        else
            set({ gva: to === state.at.pc ? 0 : to });
    };
    return html`<${Panel} title="One address through the tables" name="explorer" tools=${html`<form class="inline" onSubmit=${go}>
            <label for="gva" class="muted">gva</label><input id="gva" class="mono" autocomplete="off" value=${text} placeholder=${hex(gva)} onInput=${(event) => setText(event.target.value)} /><button>Walk</button></form>`}>
        ${view.data ? html`<${Walks} data=${view.data} />` : html`<${Waiting} view=${view} />`}
    <//>`;
}
