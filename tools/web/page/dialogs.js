// SPDX-License-Identifier: GPL-2.0-or-later
// dialogs.js - the list of keys, and what can be opened.
import { html, useLayoutEffect, useRef, useState } from './ui.js';
import { state, set } from './store.js';
import { KEYS } from './keys.js';
import { openFiles } from './drop.js';
import { open } from './session.js';
import { Kinds } from './kinds.js';

function Dialog({ title, children }) {
    const ref = useRef(null);
    // Before the page is painted: an effect that runs later would take the focus from where a key has put it since.
    useLayoutEffect(() => {
        const before = document.activeElement;
        ref.current.showModal();
        return () => ref.current?.open && before?.focus?.();
    }, []);
    const close = () => set({ dialog: null });
    return html`<dialog ref=${ref} aria-label=${title} onClose=${close}>
        <header class="panel-head"><h2>${title}</h2>
            <button class="quiet icon" aria-label="Close" onClick=${() => ref.current.close()}>×</button></header>
        <div class="dialog-body">${children}</div>
    </dialog>`;
}

export function KeysDialog() {
    return html`<${Dialog} title="Keys">
        <table class="keys"><tbody>${KEYS.map(({ key, what }) => html`<tr key=${key}><th scope="row"><kbd>${key}</kbd></th><td>${what}</td></tr>`)}
            <tr><th scope="row"><kbd>Tab</kbd></th><td>leaves a console or the editor; there, <kbd>Ctrl</kbd> <kbd>I</kbd> types a tab</td></tr>
        </tbody></table>
        <label class="check"><input type="checkbox" checked=${state.keys} onChange=${(event) => set({ keys: event.target.checked })} /> Single keys are commands</label>
    <//>`;
}

export function OpenDialog() {
    const guests = state.hello?.guests || [];
    const [guest, setGuest] = useState(guests.includes('mini') ? 'mini' : guests[0]);
    const [vms, setVms] = useState('2');
    const [append, setAppend] = useState('');
    const go = (event) => {
        event.preventDefault();
        set({ dialog: null, pending: null });
        open(['--vms', vms, ...(append ? ['--append', append] : []), guest], { first: true });
    };
    return html`<${Dialog} title="Open">
        <p>A kernel (riscv32 ELF), a recording (<code>.pzr</code>) or a snapshot (<code>.pzs</code>): drop it anywhere on the page, or</p>
        <p><label class="file">choose a file: <input type="file" multiple onChange=${(event) => openFiles(event.target.files)} /></label></p>
        <p class="muted">It stays in this page: nothing is sent anywhere.</p>
        <h3>Or a bundled guest</h3>
        <form class="fields" onSubmit=${go}>
            <label>Guest <select value=${guest} onChange=${(event) => setGuest(event.target.value)}>${guests.map((name) => html`<option key=${name}>${name}</option>`)}</select></label>
            <label>Machines <select value=${vms} onChange=${(event) => setVms(event.target.value)}>${['1', '2', '3', '4'].map((n) => html`<option key=${n}>${n}</option>`)}</select></label>
            <label class="wide">Command line <input class="mono" value=${append} placeholder="ls; primes" maxlength="200" onInput=${(event) => setAppend(event.target.value)} /></label>
            <button class="main">Open</button>
        </form>
        <h3>Or a kind of machine</h3>
        <${Kinds} />
    <//>`;
}
