// SPDX-License-Identifier: GPL-2.0-or-later
// editor.js - an editor for assembly and answers, once what it is made of (code.js) is loaded; under it, what
// is wrong with the text.
import { html, useEffect, useRef, useState } from './ui.js';
import { loadCode } from './script.js';

// `marks` are lines with something wrong: {line, column, text}.
export function Editor({ name, text, marks, onChange }) {
    const host = useRef(null);
    const [editor, setEditor] = useState({ busy: true });
    useEffect(() => {
        let gone = false, made = null;
        loadCode().then(({ makeEditor }) => {
            if (gone)
                return;
            made = makeEditor({ parent: host.current, name, text, onChange });
            setEditor({ busy: false, made });
        }).catch((error) => !gone && setEditor({ busy: false, error: error.message }));
        return () => {
            gone = true;
            made?.destroy();
        };
    }, []);
    useEffect(() => editor.made?.mark(marks || []), [editor.made, marks]);
    return html`${editor.error && html`<p class="muted">No editor: ${editor.error}.</p>`}
        <div class="editor" ref=${host} aria-busy=${editor.busy}></div>
        ${marks?.length > 0 && html`<ul class="diagnostics mono" role="status">${marks.map((mark, i) => html`<li key=${i}>line ${mark.line}: ${mark.text}</li>`)}</ul>`}`;
}
