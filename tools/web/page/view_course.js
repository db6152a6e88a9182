// SPDX-License-Identifier: GPL-2.0-or-later
// view_course.js - the exercises: their texts, an editor for what is handed in, the grader's verdict, and
// from a failed check into its replay.
import { html, Panel, useEffect, useState, Fragment } from './ui.js';
import { state, set, complain } from './store.js';
import { open, putFile, request } from './session.js';
import { Markdown } from './markdown.js';
import { Editor } from './editor.js';

let kept = null;           // the exercises, once they are known
const drafts = new Map();  // exercise/file -> text

// Its files as a list, in their order.
function withFiles(exercise) {
    return { ...exercise, files: Object.entries(exercise.files || {}).map(([name, text]) => ({ name, text })) };
}

function useExercises() {
    const [list, setList] = useState(kept);
    useEffect(() => {
        if (!kept)
            request({ do: 'exercises' }).then((answer) => setList(kept = answer.exercises.map(withFiles)))
                .catch((error) => setList({ error: error.message }));
    }, []);
    return list;
}

function Contents({ list }) {
    return html`<nav class="contents" aria-label="Exercises"><ol>${list.map(({ name, title, points }) => html`<li key=${name}>
        <button class=${'quiet ' + (state.exercise === name ? 'chosen' : '')} aria-current=${state.exercise === name ? 'page' : null} onClick=${() => set({ exercise: name })}>
        <span class="muted mono">${name.slice(0, 2)}</span> ${title} ${points ? html`<span class="muted">${points}</span>` : ''}</button></li>`)}</ol></nav>`;
}

// ---- The verdict ----

async function openReplay(check) {
    if (await open([check.replay.replace(/.*\//, '')], check.retired ? { at: check.retired } : {}))
        set({ view: 'trap' });
}

function Check({ check }) {
    const good = check.outcome === 'pass';
    return html`<li class=${'check-row ' + (good ? 'good' : 'bad')}><div><span aria-hidden="true">${good ? '✓' : '✗'}</span> <strong>${check.name}</strong>
        <span class="muted">${check.points} of ${check.of}</span>${!good && html` <span class="outcome">${check.outcome}</span>`}</div>
        ${!good && html`<div class="check-says">${check.message && html`<p>${check.message}</p>`}
            ${check.expected && html`<p>expected <code>${check.expected}</code>, got <code>${check.got}</code></p>`}
            ${check.hint && html`<p class="muted">${check.hint}</p>`}
            ${check.replay && html`<button onClick=${() => openReplay(check)}>Open where it fails</button>`}</div>`}</li>`;
}

function Verdict({ grade }) {
    const compiler = grade.files.filter((file) => file.compiler);
    return html`<div class="verdict-of" role="status"><p class="points"><strong>${grade.points}</strong> of ${grade.of} points</p>
        ${compiler.map((file) => html`<pre key=${file.name} class="bad scroll">${file.compiler}</pre>`)}
        <ul>${grade.checks.map((check) => html`<${Check} key=${check.name} check=${check} />`)}</ul></div>`;
}

// ---- One exercise ----

function useFiles(exercise) {
    const [, draw] = useState(0);
    const text = (name) => drafts.get(`${exercise.name}/${name}`) ?? exercise.files.find((file) => file.name === name)?.text ?? '';
    const write = (name, value) => {
        drafts.set(`${exercise.name}/${name}`, value);
        draw((n) => n + 1);
    };
    return [text, write];
}

function Work({ exercise }) {
    const [text, write] = useFiles(exercise);
    const [file, setFile] = useState(0);
    const [grade, setGrade] = useState(null);
    const [busy, setBusy] = useState(false);
    const [marks, setMarks] = useState([]);
    const files = exercise.files;
    const name = files[file]?.name;
    // A part is compiled by the host's compiler, which a page alone has not.
    const here = exercise.gradable;
    const doGrade = async () => {
        setBusy(true);
        try {
            const answer = await request({ do: 'grade', exercise: exercise.name, files: Object.fromEntries(files.map((each) => [each.name, text(each.name)])) });
            setGrade(answer.grade || answer);
        } catch (error) {
            complain(error.message, 'Correct the file, and grade it again.');
        }
        setBusy(false);
    };
    const assemble = async () => {
        try {
            const answer = await request({ do: 'assemble', source: text(name), name });
            setMarks(answer.diagnostics || []);
            if (!answer.file)
                return;
            await putFile(answer.file, answer.base64);
            if (await open([answer.file], { first: true }))
                set({ view: 'trap' });
        } catch (error) {
            complain(error.message, 'Assemble it at a terminal, and drop the ELF file here.');
        }
    };
    return html`<${Panel} title="Your answer" name="work" tools=${html`<${Fragment}>
            ${/\.S$/.test(name) && html`<button onClick=${assemble}>Assemble and open</button>`}
            ${here && html`<button class="main" disabled=${busy} onClick=${doGrade}>${busy ? 'Grading…' : 'Grade'}</button>`}<//>`}>
        ${files.length > 1 && html`<div class="file-tabs" role="tablist" aria-label="Files">${files.map((each, i) => html`<button key=${each.name} role="tab" class="tab" aria-selected=${i === file} onClick=${() => { setFile(i); setMarks([]); }}>${each.name}</button>`)}</div>`}
        <${Editor} key=${exercise.name + name} name=${name} text=${text(name)} marks=${marks} onChange=${(value) => write(name, value)} />
        ${!here && html`<p class="muted">This one is written in C, which the page has no compiler for. Grade it at a terminal: <code>pz grade ${exercise.name.slice(0, 2)} ${name}</code>. Drop its replay (<code>.pzr</code>) here.</p>`}
        ${grade && html`<${Verdict} grade=${grade} />`}
    <//>`;
}

export function CourseView() {
    const list = useExercises();
    if (!list)
        return html`<p class="muted" aria-busy="true">…</p>`;
    if (!list.length && !list.error)
        return html`<p class="muted">There are no exercises here. Those of the course need their folder, examples/, or an installation of pz.</p>`;
    if (list.error)
        return html`<p class="muted">The exercises are not here: ${list.error}.</p>`;
    const exercise = list.find(({ name }) => name === state.exercise) || list[0];
    return html`<div class="course-grid"><${Contents} list=${list} />
        <article class="panel text" aria-label=${exercise.title}><div class="panel-body"><${Markdown} key=${exercise.name} text=${exercise.text} /></div></article>
        ${exercise.files?.length > 0 && html`<${Work} key=${exercise.name} exercise=${exercise} />`}</div>`;
}
