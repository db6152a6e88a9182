// SPDX-License-Identifier: GPL-2.0-or-later
// console.js - the console of a VM: an xterm.js terminal. Typing runs the machine.
import { html, useEffect, useRef, useState } from './ui.js';
import { loadTerminal } from './script.js';
import { consoleText, listenConsole, type } from './session.js';

function colours() {
    const style = getComputedStyle(document.documentElement);
    const probe = document.createElement('span');
    document.body.append(probe);
    const colour = (name) => {
        probe.style.color = `var(${name})`;
        return getComputedStyle(probe).color;
    };
    const theme = { background: colour('--panel'), foreground: colour('--text'), cursor: colour('--accent'),
        selectionBackground: colour('--line') };
    probe.remove();
    return { theme, font: style.getPropertyValue('--mono') };
}

function makeTerminal(Terminal, vm, host) {
    const { theme, font } = colours();
    const terminal = new Terminal({ cols: 80, rows: 18, convertEol: true, scrollback: 2000, screenReaderMode: true,
        fontFamily: font, fontSize: 12, lineHeight: 1.2, theme, minimumContrastRatio: 4.5 });
    terminal.open(host);
    terminal.textarea.setAttribute('aria-label', `Type at the console of vm${vm}`);
    // Tab leaves the console, or the keyboard could not.
    terminal.attachCustomKeyEventHandler((event) => event.key !== 'Tab');
    terminal.onData((text) => type(vm, text));
    return terminal;
}

// As many columns and rows as there is room for.
function fit(terminal, host) {
    const cell = host.querySelector('.xterm-rows > div');
    const screen = host.querySelector('.xterm-screen');
    if (!cell || !screen?.clientWidth)
        return;
    const cols = Math.floor((host.clientWidth - 24) / (screen.clientWidth / terminal.cols));
    const rows = Math.floor((host.clientHeight - 8) / (screen.clientHeight / terminal.rows));
    if (cols > 10 && rows > 3 && (cols !== terminal.cols || rows !== terminal.rows))
        terminal.resize(cols, rows);
}

// A terminal in an element, until the function that comes back is called.
function attach(Terminal, vm, element) {
    const terminal = makeTerminal(Terminal, vm, element);
    const observer = new ResizeObserver(() => fit(terminal, element));
    const theme = () => { terminal.options.theme = colours().theme; };
    terminal.write(consoleText(vm));
    const quiet = listenConsole(vm, (text, reset) => {
        if (reset)
            terminal.reset();
        terminal.write(text);
    });
    observer.observe(element);
    addEventListener('pz-theme', theme);
    const media = matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', theme);
    return () => {
        quiet();
        observer.disconnect();
        removeEventListener('pz-theme', theme);
        media.removeEventListener('change', theme);
        terminal.dispose();
    };
}

export function Console({ vm }) {
    const host = useRef(null);
    const [state, setState] = useState({ busy: true });
    useEffect(() => {
        let gone = false, detach = null;
        loadTerminal().then(({ Terminal }) => {
            if (gone)
                return;
            detach = attach(Terminal, vm, host.current);
            setState({ busy: false });
        }).catch((error) => !gone && setState({ busy: false, error: error.message }));
        return () => {
            gone = true;
            detach?.();
        };
    }, [vm]);
    return html`${state.error && html`<p class="muted">No console: ${state.error}.</p>`}
        <div class="terminal-host" ref=${host} aria-busy=${state.busy}></div>`;
}
