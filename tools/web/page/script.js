// SPDX-License-Identifier: GPL-2.0-or-later
// script.js - files beside the page that it loads when something needs them: classic scripts, because a page from
// file:// may load nothing else. Each puts one value into a global variable.
const loading = new Map(); // name of the variable -> promise of its value

export function fromScript(src, name) {
    if (!loading.has(name)) {
        const value = load(src, name);
        value.catch(() => loading.delete(name)); // the next one that needs it tries again
        loading.set(name, value);
    }
    return loading.get(name);
}

function load(src, name) {
    return new Promise((resolve, reject) => {
        const missing = () => reject(new Error(`${src}, which belongs to this page, is not beside it, or not whole`));
        const script = document.createElement('script');
        script.src = src;
        script.onload = () => (globalThis[name] ? resolve(globalThis[name]) : missing());
        script.onerror = missing;
        document.head.append(script);
    });
}

// What the consoles and the editor are made of.
export const loadTerminal = () => fromScript('terminal.js', 'PZ_TERMINAL');
export const loadCode = () => fromScript('code.js', 'PZ_CODE');
