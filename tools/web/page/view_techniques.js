// SPDX-License-Identifier: GPL-2.0-or-later
// view_techniques.js - the technique, the policy of the shadow and the broken instruction set under which
// the guest runs; what each costs it, as a bill; and where the guest would notice.
import { html, Panel, useEffect, useState } from './ui.js';
import { state, set, complain } from './store.js';
import { open, request } from './session.js';
import { bytes, count } from './format.js';

// The argument of an option; and the same arguments with another.
function optionOf(argv, name, otherwise) {
    const at = argv.indexOf(name);
    return at < 0 ? otherwise : argv[at + 1];
}

function withOption(argv, name, value) {
    const at = argv.indexOf(name);
    const rest = at < 0 ? argv : [...argv.slice(0, at), ...argv.slice(at + 2)];
    return value ? [name, value, ...rest] : rest;
}

// What `pz compare` and `pz verify` run: the guest and its command line, which has an end.
function guestOf(argv) {
    const append = optionOf(argv, '--append', 'ls');
    const guest = argv.filter((word, i) => !word.startsWith('-') && !argv[i - 1]?.startsWith('--'))[0] || 'mini';
    return ['--append', append, guest];
}

// The document that a verb of pz prints.
export async function verb(argv) {
    const answer = await request({ do: 'verb', argv });
    const begin = answer.out.indexOf('{');
    if (begin < 0)
        throw new Error(answer.err.replace(/^pz: /, '').trim() || 'it printed nothing');
    return JSON.parse(answer.out.slice(begin));
}

// ---- The choice ----

function Choice({ label, value, rows, onChange }) {
    return html`<fieldset class="choice"><legend>${label}</legend>${rows.map(({ name, title, what }) => html`<label key=${name} class=${value === name ? 'chosen' : ''}>
        <input type="radio" name=${label} checked=${value === name} disabled=${state.phase === 'opening'} onChange=${() => onChange(name)} /><span><strong>${title || name}</strong> <span class="muted">${what}</span></span></label>`)}</fieldset>`;
}

const POLICIES = { lazy: 'entries are dropped at sfence.vma', trace: 'the guest’s tables are write-protected', flush: 'all entries are dropped when satp is written' };

// ---- The bill ----

const COLUMNS = ['emulate', 'inject', 'fill', 'pte-write', 'interpret', 'sbi', 'mmio', 'hypercall', 'interrupt'];

function rowName(row) {
    return row.technique.replace(/, .*/, '');
}

function isChosen(row, monitor, shadow) {
    return rowName(row) === monitor && (row.shadow === shadow || monitor !== 'plain');
}

function Bar({ row, most }) {
    const actions = row.exits?.action || {};
    return html`<div class="bar" aria-hidden="true">${COLUMNS.filter((kind) => actions[kind]).map((kind) => html`<span key=${kind} title=${`${kind} ${actions[kind].count}`}
        style=${{ width: `${(actions[kind].count / most) * 100}%`, background: `var(--k-${kind})` }}></span>`)}</div>`;
}

function Bill({ bill, monitor, shadow }) {
    const rows = bill.guests[0].rows;
    const most = Math.max(1, ...rows.map((row) => row.exits?.total || 0));
    const used = COLUMNS.filter((kind) => rows.some((row) => row.exits?.action?.[kind]));
    return html`<div class="scroll" tabindex="0" role="region" aria-label="The bill"><table class="bill"><thead><tr><th scope="col">technique</th><th scope="col" class="right">exits</th><th scope="col" class="bar-head"></th>
        ${used.map((kind) => html`<th key=${kind} scope="col" class="right"><span class="swatch" style=${{ background: `var(--k-${kind})` }}></span>${kind}</th>`)}
        <th scope="col" class="right">direct</th><th scope="col" class="right">tables</th><th scope="col">the guest cannot tell</th></tr></thead>
        <tbody>${rows.map((row) => html`<tr key=${row.technique} class=${isChosen(row, monitor, shadow) ? 'here' : ''}><th scope="row">${row.technique}</th>
            ${row.served ? html`<td class="right mono">${row.exits ? count(row.exits.total) : '–'}</td><td><${Bar} row=${row} most=${most} /></td>
            ${used.map((kind) => html`<td key=${kind} class="right mono">${row.exits?.action?.[kind] ? count(row.exits.action[kind].count) : ''}</td>`)}
            <td class="right mono">${row.direct === undefined ? '' : (row.direct * 100).toFixed(2) + ' %'}</td><td class="right mono nowrap">${row.table_bytes === undefined ? '' : bytes(row.table_bytes)}</td>
            <td class=${row.same === 'NO' ? 'bad' : 'good'}>${row.same === 'NO' ? 'it can' : row.same === 'yes' ? 'same' : 'same output'}</td>` :
            html`<td colspan=${used.length + 5} class="muted">not on this engine</td>`}</tr>`)}</tbody></table></div>`;
}

// ---- Where the guest notices ----

async function findNotice(argv) {
    const { append } = { append: optionOf(argv, '--append', 'ls') };
    const guest = guestOf(argv).at(-1);
    const options = ['--monitor', '--shadow', '--variant'].flatMap((name) => (optionOf(argv, name) ? [name, optionOf(argv, name)] : []));
    const result = await verb(['verify', '--json', ...options, '--append', append, guest]);
    const run = result.runs.find(({ same }) => !same);
    if (!run)
        return { same: true };
    return { at: run.first ? run.first.retired : run.difference?.vm?.retired ?? 0, what: run.difference?.what, first: run.first,
        argv: [...options, '--append', append, guest] };
}

function Notice({ variant }) {
    const [found, setFound] = useState(null);
    const go = async () => {
        setFound('…');
        try {
            const notice = await findNotice(state.argv);
            setFound(notice);
            if (!notice.same && await open(notice.argv, { at: notice.at }))
                set({ view: 'trap' });
        } catch (error) {
            setFound(null);
            complain(error.message, 'Choose a guest and a command line that come to an end.');
        }
    };
    return html`<div class="notice"><button class="main" disabled=${found === '…' || state.phase !== 'ready'} onClick=${go}>Where does the guest notice?</button>
        <span role="status">${found === '…' ? 'comparing with the bare machine…' : found?.same ? `Nowhere: this run is the same as on the bare machine${variant ? `, ${variant} or not` : ''}.` : found ? found.what : 'Compares this run with the bare machine’s, and goes to the first instruction that differs.'}</span></div>`;
}

// ---- The view ----

export function TechniquesView() {
    const { hello, argv } = state;
    const [bill, setBill] = useState({ key: null, data: null, error: null });
    const monitor = optionOf(argv, '--monitor', 'plain');
    const shadow = optionOf(argv, '--shadow', 'lazy');
    const variant = optionOf(argv, '--variant', '');
    const billArgv = ['compare', '--json', '--runs', '1', ...(variant ? ['--variant', variant] : []), ...guestOf(argv)];
    const key = billArgv.join(' ');
    useEffect(() => {
        let gone = false;
        setBill((old) => ({ ...old, busy: true }));
        verb(billArgv).then((data) => !gone && setBill({ data, error: null }), (error) => !gone && setBill({ data: null, error: error.message }));
        return () => { gone = true; };
    }, [key]);
    const choose = (name, otherwise) => (value) => open(withOption(argv, name, value === otherwise ? '' : value), { first: true });
    if (!hello)
        return null;
    return html`<div class="techniques-grid">
        <div class="choices">
            <${Choice} label="Monitor" value=${monitor} rows=${hello.monitors} onChange=${choose('--monitor', 'plain')} />
            <${Choice} label="Shadow policy" value=${shadow} rows=${hello.policies.map((name) => ({ name, what: POLICIES[name] || '' }))} onChange=${choose('--shadow', 'lazy')} />
            <${Choice} label="Instruction set" value=${variant} onChange=${choose('--variant', '')}
                rows=${[{ name: '', title: 'whole', what: 'every sensitive instruction traps in user mode' }, ...hello.variants.map(({ name, machine, what }) => ({ name, what: `${what} (${machine})` }))]} />
        </div>
        <${Panel} title="The bill" tools=${html`<code class="muted">pz ${key.replace(' --json', '')}</code>`}>
            <${Notice} key=${argv.join(' ')} variant=${variant} />
            ${bill.data ? html`<div aria-busy=${!!bill.busy}><${Bill} bill=${bill.data} monitor=${monitor} shadow=${shadow} /></div>` :
                html`<p class="muted">${bill.error || 'running the guest under each technique…'}</p>`}
        <//>
    </div>`;
}
