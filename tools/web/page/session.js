// SPDX-License-Identifier: GPL-2.0-or-later
// session.js - what the page does with a session: connects, opens, moves, looks. One thing after the
// other: a session answers one request at a time. It writes to the store; the views read there.
import { state, set, complain } from './store.js';
import { connect } from './client.js';
import { count } from './format.js';

let client = null;
let line = Promise.resolve(); // what has been begun, in order
let running = false;          // the guests run, slice by slice, until this is false
let interrupted = false;      // what is under way has been asked to stop
let going = false;            // on the way to a place, piece by piece, until this is false
const consoles = new Map();   // vm -> {text, listener}
const CONSOLE_KEPT = 200000;

// One piece of work after those before it.
function inTurn(work) {
    const done = line.then(work);
    line = done.catch(() => {});
    return done;
}

// ---- Consoles: text by VM; a terminal listens ----

export function consoleText(vm) {
    return consoles.get(vm)?.text || '';
}

export function listenConsole(vm, listener) {
    const entry = consoles.get(vm) || { text: '' };
    entry.listener = listener;
    consoles.set(vm, entry);
    return () => { entry.listener = null; };
}

function takeConsole({ vm, text, reset }) {
    const entry = consoles.get(vm) || { text: '', listener: null };
    entry.text = ((reset ? '' : entry.text) + text).slice(-CONSOLE_KEPT);
    consoles.set(vm, entry);
    entry.listener?.(text, reset);
}

function forgetConsoles() {
    for (const [vm, entry] of consoles) {
        entry.text = '';
        entry.listener?.('', true);
        if (!entry.listener)
            consoles.delete(vm);
    }
}

// ---- Requests ----

function absorb(answer) {
    if (!answer?.at)
        return;
    for (const piece of answer.at.console || [])
        takeConsole(piece);
    set({ at: answer.at, turn: state.turn + 1, into: null });
}

async function ask(request) {
    try {
        const answer = await client.ask(request);
        absorb(answer);
        return answer;
    } catch (error) {
        absorb(error.answer);
        throw error;
    }
}

// ---- Ahead: when nothing has been asked for a while, the session works ahead of going back, in pieces of
// some milliseconds, so that what is asked next need not wait ----

const QUIET_MS = 80, PIECE_MS = 8;
let quiet = null;
let ahead = 100000; // instructions of a piece

function workAhead() {
    clearTimeout(quiet);
    quiet = setTimeout(async () => {
        const { turn } = state;
        for (let more = true; more && state.turn === turn && state.phase === 'ready';) {
            if (client.waiting()) {
                workAhead();
                return;
            }
            const began = performance.now();
            ({ more } = await client.ask({ do: 'prepare', insns: ahead }).catch(() => ({ more: false })));
            ahead = Math.round(Math.min(4e6, Math.max(20000, ahead * Math.min(2, PIECE_MS / Math.max(performance.now() - began, 0.5)))));
        }
    }, QUIET_MS);
}

// Do it in turn, with the machine stopped; an error is shown, and false comes back.
function act(phase, work, todo) {
    running = false;
    return inTurn(async () => {
        interrupted = false;
        set({ phase, problem: null });
        try {
            await work();
            return true;
        } catch (error) {
            complain(error.message, todo);
            return false;
        } finally {
            if (state.phase !== 'down')
                set({ phase: state.at ? 'ready' : 'empty' });
            workAhead();
        }
    });
}

// ---- Connecting ----

export function begin(where) {
    return inTurn(async () => {
        set({ phase: 'connecting', where });
        client = await connect({ where, onDown: down });
        set({ hello: await client.ask({ do: 'hello' }), phase: 'empty' });
    });
}

function down(why) {
    running = false;
    set({ phase: 'down' });
    complain(`The session is gone: ${why}.`, 'Start it again; it opens at the place where it was.');
}

// End what does not answer, and begin again where it was.
export async function restart() {
    const place = placeOf(state.at);
    const where = state.where;
    running = false;
    client?.kill();
    await line; // what was asked is refused, and says so: it was meant to
    set({ problem: null, phase: 'connecting' });
    await begin(where);
    for (const [name, text] of files)
        await putFile(name, text);
    if (state.argv.length || state.at)
        await open(state.argv, place);
}

// What `open` takes to come back to where the machine stands.
export function placeOf(at) {
    return at ? { vm: at.vm, at: at.retired, exits: at.vms[at.vm].exits } : {};
}

// ---- Opening ----

// Open a machine, at a place of it.
export function open(argv, place = {}) {
    return act('opening', async () => {
        forgetConsoles();
        set({ at: null, argv });
        await ask({ do: 'open', argv });
        set({ stop: null, log: [], near: false });
        if (place.vm)
            await ask({ do: 'command', line: `vm ${place.vm}` });
        if (place.at || place.exits)
            await goThere(place.at || 0, place.exits);
        if (place.first)
            await firstTrap();
    }, 'Check the arguments, or begin with the bundled guest: Open…');
}

// A count of instructions can have exits behind it: an instruction that traps has not retired. `exits` says
// how many of this VM's exits are to be behind it, too.
async function goThere(retired, exits = 0) {
    const exitsNow = () => state.at.vms[state.at.vm].exits;
    await goForwards(retired);
    if (state.at.retired !== retired)
        await ask({ do: 'goto', retired });
    if (state.at.retired !== retired)
        throw new Error(`the guest ends after ${count(state.at.retired)} instructions, and this place is behind ${count(retired)}`);
    for (let i = 0; i < 64 && exitsNow() < exits && state.at.retired === retired; i++)
        await ask({ do: 'command', line: 'trap' });
    if (state.at.retired !== retired)
        await ask({ do: 'goto', retired });
}

// In pieces, so that it can be stopped: anybody's link can name any place.
async function goForwards(retired) {
    let piece = 1e6;
    going = true;
    try {
        for (let before = -1; state.at.retired < retired && state.at.retired !== before;) {
            const began = performance.now();
            if (!going)
                throw new Error(`stopped on the way to ${count(retired)} instructions`);
            before = state.at.retired;
            await ask({ do: 'goto', retired: Math.min(retired, before + piece) });
            piece = nextSlice(piece, performance.now() - began);
        }
    } finally {
        going = false;
    }
}

// Where a page begins that nobody has told otherwise: the first access to satp, which the monitor has to
// make for the guest; else the first exit; a guest that has neither stays at its beginning.
const FIRST_WITHIN = 3e6;

async function firstTrap() {
    const { data } = await ask({ do: 'command', line: 'catch csr satp' });
    const found = await ask({ do: 'run', insns: FIRST_WITHIN });
    await ask({ do: 'command', line: `delete ${data.point}` });
    if (found.why === 'stop')
        return;
    await ask({ do: 'goto', total: 0 });
    await ask({ do: 'run', insns: FIRST_WITHIN, until: 'trap' });
}

// Files of a person's own, which the next session needs too.
const files = new Map(); // name -> base64

export async function putFile(name, text) {
    await client.ask({ do: 'file', name, base64: text });
    files.set(name, text);
    set({ files: [...files.keys()] });
}

// ---- Moving ----

// A command of the debugger; what it says goes to the log.
export function command(text) {
    if (/^(c|continue)$/.test(text))
        return run();
    return act('busy', async () => {
        let entry;
        set({ near: /^(s|step|t|trap|b|back|back trap)$/.test(text) });
        try {
            const answer = await ask({ do: 'command', line: text });
            entry = { line: text, text: answer.text, ok: true, data: answer.data };
        } catch (error) {
            if (!error.answer)
                throw error;
            entry = { line: text, text: error.message, ok: false };
        }
        set({ log: [...state.log.slice(-200), entry], stop: entry.ok && entry.data?.stop ? entry.text : null });
        if (!entry.ok)
            throw new Error(entry.text);
    });
}

export const step = () => command('step');
export const back = () => command('back');
export const nextTrap = () => command('trap');
export const backTrap = () => command('back trap');

export function goTo(retired) {
    return act('busy', async () => {
        set({ near: false, stop: null });
        await goThere(retired);
    });
}

export const select = (vm) => command(`vm ${vm}`);

// To where all VMs together have retired so many instructions.
export function goTotal(total) {
    return act('busy', () => ask({ do: 'goto', total }));
}

// Steps of the monitor's work on the last exit; null is behind the last.
export function stepInto(steps) {
    set({ into: state.into === null ? 0 : state.into + 1 < steps ? state.into + 1 : null });
}

export function stepOut(steps) {
    set({ into: state.into === null ? steps - 1 : state.into > 0 ? state.into - 1 : null });
}

// Run in slices, so that a guest that loops takes nothing from the page. A slice is about 40 ms.
export function run() {
    if (running)
        return Promise.resolve();
    running = true;
    return inTurn(async () => {
        let insns = 200000;
        set({ phase: 'running', problem: null, stop: null, near: false });
        try {
            while (running) {
                const began = performance.now();
                const answer = await ask({ do: 'run', insns });
                if (answer.why !== 'budget') {
                    set({ stop: STOPS[answer.why] || answer.text || answer.why });
                    break;
                }
                insns = nextSlice(insns, performance.now() - began);
                await new Promise((go) => setTimeout(go)); // the page draws
            }
        } catch (error) {
            complain(error.message, '');
        } finally {
            running = false;
            if (state.phase === 'running')
                set({ phase: 'ready' });
            workAhead();
        }
    });
}

const STOPS = {
    input: 'The guests wait for input: type at a console.',
    end: 'The guests have ended.',
};

function nextSlice(insns, ms) {
    return Math.round(Math.min(1e9, Math.max(20000, insns * Math.min(4, 40 / Math.max(ms, 1)))));
}

// What does not end by itself is interrupted, and the machine stands where it has come to. Where that is not
// possible, or did not help, it is ended with its session, and the page is where it was before.
export function stop() {
    if (going) {
        going = false;
        return line;
    }
    if (interrupted || !client.interrupt())
        return restart();
    interrupted = true;
    return line;
}

export function pause() {
    running = false;
    return line;
}

export async function type(vm, text) {
    try {
        await inputNow(vm, text);
        if (!running)
            run();
    } catch (error) {
        complain(error.message, 'Let the guest run until it has read what was typed.');
    }
}

// Between two slices of a run, if it runs.
function inputNow(vm, text) {
    return client.ask({ do: 'input', vm, text }).then(absorbConsole);
}

function absorbConsole(answer) {
    for (const piece of answer.at?.console || [])
        takeConsole(piece);
}

// ---- Looking ----

// A view of the machine as it stands. `null`: the machine has moved on meanwhile.
export async function look(what, more = {}) {
    const answer = await client.ask({ do: 'view', what, ...more });
    return answer.view;
}

// Another request, in turn: verb, exercises, grade, assemble.
export function request(object) {
    return inTurn(() => client.ask(object));
}
