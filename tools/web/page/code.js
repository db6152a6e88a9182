// SPDX-License-Identifier: GPL-2.0-or-later
// code.js - a script of its own, with what only the editor needs: CodeMirror for assembly and answers, and no more.
import { EditorView, keymap, lineNumbers, drawSelection, highlightActiveLine, Decoration } from '@codemirror/view';
import { EditorState, StateEffect, StateField } from '@codemirror/state';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { StreamLanguage, syntaxHighlighting, HighlightStyle } from '@codemirror/language';
import { tags } from '@lezer/highlight';

const assembly = StreamLanguage.define({
    token(stream) {
        if (stream.sol() && stream.match(/[ \t]*[\w.$]+:/))
            return 'labelName';
        if (stream.eatSpace())
            return null;
        if (stream.match(/#.*|\/\/.*|\/\*.*?(\*\/|$)/))
            return 'comment';
        if (stream.match(/"([^"\\]|\\.)*"?/))
            return 'string';
        if (stream.match(/\.[a-z]\w*/i))
            return 'meta';
        if (stream.match(/-?(0x[0-9a-f]+|\d+)/i))
            return 'number';
        if (stream.match(/\b([astx]\d+|zero|ra|sp|gp|tp|s(tatus|cause|epc|tvec|tval|cratch|ie|ip|atp))\b/))
            return 'variableName';
        if (stream.match(/[a-z][\w.]*/i))
            return 'keyword';
        stream.next();
        return null;
    },
});

const colours = HighlightStyle.define([
    { tag: tags.comment, color: 'var(--muted)' }, { tag: tags.string, color: 'var(--good)' }, { tag: tags.labelName, color: 'var(--vm1)' },
    { tag: tags.meta, color: 'var(--vm2)' }, { tag: tags.number, color: 'var(--vm3)' }, { tag: tags.keyword, color: 'var(--vm0)' },
]);

const setMarks = StateEffect.define();
const marked = StateField.define({
    create: () => Decoration.none,
    update(value, change) {
        for (const effect of change.effects)
            if (effect.is(setMarks))
                return Decoration.set(effect.value.filter(({ line }) => line >= 1 && line <= change.state.doc.lines).sort((a, b) => a.line - b.line)
                    .map(({ line }) => Decoration.line({ class: 'line-bad' }).range(change.state.doc.line(line).from)));
        return value.map(change.changes);
    },
    provide: (field) => EditorView.decorations.from(field),
});

function extensions(name, onChange) {
    return [lineNumbers(), EditorView.lineWrapping, history(), drawSelection(), highlightActiveLine(), keymap.of([...defaultKeymap, ...historyKeymap]), marked,
        ...(/\.S$/.test(name) ? [assembly] : []), syntaxHighlighting(colours),
        EditorView.contentAttributes.of({ 'aria-label': `Source of ${name}` }), EditorState.tabSize.of(8),
        EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString()))];
}

// An editor in an element: { mark(marks), destroy() }; `marks` are lines with something wrong, {line, column, text}.
function makeEditor({ parent, name, text, onChange }) {
    const view = new EditorView({ parent, state: EditorState.create({ doc: text, extensions: extensions(name, onChange) }) });
    return {
        mark: (marks) => view.dispatch({ effects: setMarks.of(marks) }),
        destroy: () => view.destroy(),
    };
}

globalThis.PZ_CODE = { makeEditor };
