// SPDX-License-Identifier: GPL-2.0-or-later
// shell.js - what stands around the views: name and tabs, the controls that move the machine, where it
// stands, what went wrong, the debugger's line.
import { html, useState, useRef, useEffect } from './ui.js';
import { state, set } from './store.js';
import * as session from './session.js';
import { VIEWS } from './link.js';
import { count, hex, number } from './format.js';
import { otherTheme } from './theme.js';
import { KeysDialog, OpenDialog } from './dialogs.js';
import { MachineView } from './view_machine.js';
import { TrapView } from './view_trap.js';
import { TimeView } from './view_time.js';
import { TechniquesView } from './view_techniques.js';
import { CourseView } from './view_course.js';

const PAGES = { machine: MachineView, trap: TrapView, time: TimeView, techniques: TechniquesView, course: CourseView };

// ---- Tabs ----

function Tabs() {
    const move = (event) => {
        const by = { ArrowRight: 1, ArrowLeft: -1, Home: -9, End: 9 }[event.key];
        if (!by)
            return;
        event.preventDefault();
        const next = Math.abs(by) === 9 ? (by < 0 ? 0 : VIEWS.length - 1) :
            (VIEWS.indexOf(state.view) + by + VIEWS.length) % VIEWS.length;
        set({ view: VIEWS[next] });
        document.getElementById('tab-' + VIEWS[next]).focus();
    };
    return html`<div class="tabs" role="tablist" aria-label="Views" onKeyDown=${move}>
        ${VIEWS.map((view) => html`<button key=${view} role="tab" id=${'tab-' + view} class="tab"
            aria-selected=${state.view === view} aria-controls="view" tabindex=${state.view === view ? 0 : -1}
            onClick=${() => set({ view })}>${view[0].toUpperCase() + view.slice(1)}</button>`)}
    </div>`;
}

function Head() {
    const [copied, setCopied] = useState(false);
    const share = async () => {
        try {
            await navigator.clipboard.writeText(location.href);
        } catch {
            prompt('Copy this link:', location.href);
        }
        setCopied(true);
        set({ say: 'The link to this place is copied.' });
        setTimeout(() => setCopied(false), 2000);
    };
    return html`<header class="head">
        <h1 class="name"><svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true"><rect width="16" height="16" rx="3" fill="var(--vm0)" /><path d="M4 5h5v3h3v4" fill="none" stroke="var(--panel)" stroke-width="2" /></svg>Page Zero</h1>
        <${Tabs} />
        <div class="head-tools">
            <button class="quiet" onClick=${() => set({ dialog: 'open' })}>Open…</button>
            <button class="quiet" onClick=${share}>${copied ? 'Copied' : 'Copy link'}</button>
            <button class="quiet icon" aria-label="Dark or light" title="Dark or light (d)" onClick=${otherTheme}>◐</button>
            <button class="quiet icon" aria-label="Keys" title="Keys (?)" onClick=${() => set({ dialog: 'keys' })}>?</button>
        </div>
    </header>`;
}

// ---- Controls ----

function Control({ what, label, glyph, keys, main, disabled, onClick }) {
    return html`<button class=${'control ' + (main ? 'main' : '')} data-do=${what} title=${keys ? `${label} (${keys})` : label}
        disabled=${disabled} onClick=${onClick}><span class="glyph" aria-hidden="true">${glyph}</span>
        <span class="label">${label}</span></button>`;
}

// True when the session has been at one thing for a while: then it can be stopped.
function useLong() {
    const [long, setLong] = useState(false);
    const waits = state.phase === 'busy' || state.phase === 'opening';
    useEffect(() => {
        setLong(false);
        const timer = waits && setTimeout(() => setLong(true), 1500);
        return () => clearTimeout(timer);
    }, [waits]);
    return waits && long;
}

function Controls() {
    const long = useLong();
    const busy = state.phase !== 'ready';
    const runs = state.phase === 'running';
    return html`<section class="controls" aria-label="Move the machine">
        <div class="group">
            <${Control} what="back-trap" label="Back trap" glyph="⇤" keys="T" disabled=${busy} onClick=${session.backTrap} />
            <${Control} what="back" label="Back" glyph="←" keys="b" disabled=${busy} onClick=${session.back} />
            <${Control} what="step" label="Step" glyph="→" keys="s" disabled=${busy} onClick=${session.step} />
            <${Control} what="trap" label="Trap" glyph="⇥" keys="t" main disabled=${busy} onClick=${session.nextTrap} />
        </div>
        ${long && html`<${Control} what="stop" label="Stop" glyph="■" keys="" onClick=${session.stop} />`}
        <${Control} what="run" label=${runs ? 'Pause' : 'Run'} glyph=${runs ? '❙❙' : '▶'} keys="r" disabled=${busy && !runs}
            onClick=${() => (runs ? session.pause() : session.run())} />
        <${Place} />
    </section>`;
}

function GoTo() {
    const [text, setText] = useState('');
    const go = (event) => {
        event.preventDefault();
        const to = number(text);
        if (Number.isNaN(to)) {
            set({ problem: { text: `'${text}' is no count of instructions.`, todo: 'Write a number, such as 25 879 or 0x6517.' } });
            return;
        }
        session.goTo(to);
        setText('');
    };
    return html`<form class="goto" onSubmit=${go}><label class="unseen" for="goto">Go to instruction</label>
        <input id="goto" class="mono" inputmode="numeric" autocomplete="off" placeholder="go to…" value=${text}
            disabled=${state.phase !== 'ready'} onInput=${(event) => setText(event.target.value)} /></form>`;
}

function Place() {
    const { at } = state;
    if (!at)
        return html`<div class="place muted">${PHASES[state.phase]}</div>`;
    return html`<div class="place">
        <span class="vms" role="group" aria-label="Selected machine">${at.vms.map(({ vm, state: end }) => html`<button key=${vm}
            class="vm-pick" style=${{ '--c': `var(--vm${vm % 8})` }} aria-pressed=${vm === at.vm} title=${`vm${vm}: ${end}`}
            disabled=${state.phase !== 'ready'} onClick=${() => session.select(vm)}>vm${vm}</button>`)}</span>
        <span class="fact"><span class="unseen">mode </span>${at.mode}</span>
        <span class="fact mono" title="instructions that this VM has retired">${count(at.retired)}<span class="muted"> insns</span></span>
        <${GoTo} />
        <span class="fact mono">pc ${hex(at.pc)} <span class="muted">${at.symbol}</span></span>
    </div>`;
}

const PHASES = { connecting: 'connecting…', opening: 'opening…', empty: 'Nothing is open.', down: 'The session is gone.',
    busy: 'busy…', ready: '', running: '' };

// ---- What went wrong, and what is said ----

function Problem() {
    const { problem, phase } = state;
    return html`<div role="alert">${problem && html`<div class="problem">
        <p><strong>${problem.text}</strong> ${problem.todo}</p>
        ${phase === 'down' && html`<button onClick=${session.restart}>Start again</button>`}
        <button class="quiet icon" aria-label="Put this message away" onClick=${() => set({ problem: null })}>×</button>
    </div>`}</div>`;
}

function Said() {
    const { at, phase, stop } = state;
    const text = state.say || (phase === 'ready' && at ?
        `${stop ? stop + ' ' : ''}vm${at.vm} at ${at.retired} instructions, ${at.mode} mode, ${at.symbol || hex(at.pc)}` : '');
    return html`<div class="unseen" role="status" aria-live="polite">${text}</div>`;
}

// ---- The debugger's line ----

function CommandLine() {
    const [text, setText] = useState('');
    const [shown, setShown] = useState(false);
    const past = useRef(0);
    const end = useRef(null);
    useEffect(() => end.current?.scrollTo(0, end.current.scrollHeight), [state.log.length, shown]);
    const submit = (event) => {
        event.preventDefault();
        if (!text.trim())
            return;
        setShown(true);
        past.current = 0;
        session.command(text.trim());
        setText('');
    };
    const history = (event) => {
        const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
        if (event.key === 'Escape')
            event.target.blur();
        if (!by)
            return;
        event.preventDefault();
        past.current = Math.max(0, Math.min(state.log.length, past.current + by));
        setText(past.current ? state.log[state.log.length - past.current].line : '');
    };
    return html`<footer class="debugger" aria-label="Debugger">
        ${shown && html`<div class="log mono" role="log" aria-label="Debugger" tabindex="0" ref=${end}>
            ${state.log.map((entry, i) => html`<div key=${i}><div class="log-line">${entry.line}</div>
                <pre class=${entry.ok ? '' : 'bad'}>${entry.text}</pre></div>`)}</div>`}
        <form onSubmit=${submit}>
            <label for="command" class="mono">(pz)</label>
            <input id="command" class="mono" autocomplete="off" autocapitalize="off" spellcheck="false" list="commands"
                placeholder="a command of the debugger: break sys_write, watch csr satp, help…" value=${text}
                onInput=${(event) => setText(event.target.value)} onKeyDown=${history} />
            <datalist id="commands">${(state.hello?.commands || []).map((command) => html`<option key=${command.name} value=${command.name}>${command.usage}</option>`)}</datalist>
            <button type="button" class="quiet" aria-expanded=${shown} onClick=${() => setShown(!shown)}>Log</button>
        </form>
    </footer>`;
}

export function Shell() {
    const View = PAGES[state.view];
    return html`<a class="skip" href="#view" onClick=${(event) => { event.preventDefault(); document.getElementById('view').focus(); }}>To the view</a>
        <${Head} />
        <${Controls} />
        <main>
            <${Problem} />
            <${Said} />
            <div id="view" role="tabpanel" tabindex="-1" aria-labelledby=${'tab-' + state.view} class=${'view view-' + state.view}>
                ${state.stop && html`<p class="stop">${state.stop}</p>`}
                <${View} />
            </div>
        </main>
        <${CommandLine} />
        ${state.dialog === 'keys' && html`<${KeysDialog} />`}
        ${state.dialog === 'open' && html`<${OpenDialog} />`}
        <div class="drop-here" aria-hidden="true">Drop a kernel, a recording or a snapshot</div>`;
}
