// SPDX-License-Identifier: GPL-2.0-or-later
// kinds.js - the kinds of machine as a tree (`pz zoo`): those that are a guest can be opened, of the others
// the command stands there.
import { html, useEffect, useState } from './ui.js';
import { state, set } from './store.js';
import { open } from './session.js';
import { verb } from './view_techniques.js';

// The words of a command line that pz prints, after "pz" and the verb.
function wordsOf(command) {
    return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain).slice(1);
}

// Has this session the guest and the engine? A page alone has fewer of both.
function isHere(words) {
    const { engines, guests } = state.hello;
    return words.every((word, i) => (words[i - 1] === '--engine' ? engines.includes(word) :
        !/^[\w-]+\.elf$/.test(word) || guests.includes(word.slice(0, -4))));
}

// What the session opens for it: one machine under the monitor; null: the command runs no one guest, or not here.
function argvOf(command) {
    const [name, ...rest] = wordsOf(command);
    if ((name !== 'bare' && name !== 'run') || !isHere(rest))
        return null;
    return rest.includes('--vms') ? rest : ['--vms', '1', ...rest];
}

function depthOf(terms, term) {
    const parent = terms.find((other) => other.term === term.parent);
    return parent ? 1 + depthOf(terms, parent) : 0;
}

function Kind({ term, depth }) {
    const argv = term.command && argvOf(term.command);
    const go = () => {
        set({ dialog: null, pending: null });
        open(argv, { first: true });
    };
    return html`<li style=${{ paddingLeft: `${depth * 16}px` }}>
        ${argv ? html`<button type="button" class="quiet" onClick=${go}>${term.term}</button>` : html`<strong>${term.term}</strong>`}
        ${' '}<span class="muted">${term.sentence}</span>${term.command && !argv && html` <code>${term.command}</code>`}</li>`;
}

export function Kinds() {
    const [terms, setTerms] = useState(null);
    const [error, setError] = useState('');
    useEffect(() => {
        let gone = false;
        verb(['zoo', '--json']).then((data) => !gone && setTerms(data.terms), (failed) => !gone && setError(failed.message));
        return () => { gone = true; };
    }, []);
    if (!terms)
        return html`<p class="muted">${error || 'asking for the kinds…'}</p>`;
    return html`<ul class="zoo">${terms.map((term) => html`<${Kind} key=${term.term} term=${term} depth=${depthOf(terms, term)} />`)}</ul>`;
}
