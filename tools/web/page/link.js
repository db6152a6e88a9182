// SPDX-License-Identifier: GPL-2.0-or-later
// link.js - a place as the end of a URL, and back:
//   #v=1&argv=session.pzr&rec=cHot...&vm=0&at=4711&view=trap      with the recording's bytes (pz report)
//   #v=1&argv=--vms&argv=2&argv=mini&vm=0&at=28951&exits=11&view=trap
// `at` counts the VM's instructions, `exits` its exits: an instruction that traps has not retired.
// A link is what anybody can send to anybody, so it is read strictly: what is not in the tables below
// is refused, by name, and nothing of such a link is used.

export const VIEWS = ['machine', 'trap', 'time', 'techniques', 'course'];

// The options of `pz debug` that a link may hold: those that name no file and bind no address.
const OPTIONS = ['--vms', '--append', '--monitor', '--shadow', '--variant', '--engine', '--slice', '--shares',
    '--cpus', '--quantum', '--mem', '--ram-base', '--machine', '--load', '--rng-seed', '--max-insns', '--virtio',
    '--console', '--balloon', '--share', '--no-reboot'];
const ALONE = ['--share', '--no-reboot'];

const WORDS_MOST = 64;
const WORD_MOST = 1024;

// The words of a command line; throws an Error that says what is wrong.
export function checkArgv(argv) {
    if (argv.length > WORDS_MOST)
        throw new Error(`it has ${argv.length} arguments; ${WORDS_MOST} are the most`);
    for (let i = 0; i < argv.length; i++) {
        const word = argv[i];
        if (word.length > WORD_MOST || /[\u0000-\u001f\u007f]/.test(word))
            throw new Error(`argument ${i + 1} is too long or has control characters in it`);
        if (!word.startsWith('-')) {
            if (!/^[\w.+-]{1,100}$/.test(word))
                throw new Error(`'${word.slice(0, 40)}' is no name of a guest or of a file`);
            continue;
        }
        if (!OPTIONS.includes(word))
            throw new Error(`it has the option '${word.slice(0, 40)}', which a link cannot have`);
        if (!ALONE.includes(word)) {
            i++;
            if (i >= argv.length)
                throw new Error(`the option ${word} lacks its value`);
            if (argv[i].length > WORD_MOST || /[\u0000-\u001f\u007f]/.test(argv[i]))
                throw new Error(`the value of ${word} is too long or has control characters in it`);
        }
    }
    return argv;
}

function whole(text, most, name) {
    if (!/^[0-9]{1,16}$/.test(text) || Number(text) > most)
        throw new Error(`${name} is no whole number up to ${most}`);
    return Number(text);
}

const FIELDS = {
    v: (text) => {
        if (text !== '1')
            throw new Error(`it is of version '${text.slice(0, 10)}', and this page reads version 1`);
        return 1;
    },
    vm: (text) => whole(text, 63, 'vm'),
    at: (text) => whole(text, Number.MAX_SAFE_INTEGER, 'at'),
    exits: (text) => whole(text, Number.MAX_SAFE_INTEGER, 'exits'),
    into: (text) => whole(text, 1000, 'into'),
    gva: (text) => {
        if (!/^0x[0-9a-f]{1,8}$/i.test(text))
            throw new Error('gva is no hexadecimal address of 32 bits');
        return Number(text);
    },
    view: (text) => {
        if (!VIEWS.includes(text))
            throw new Error(`there is no view '${text.slice(0, 40)}' (there are ${VIEWS.join(', ')})`);
        return text;
    },
    exercise: (text) => {
        if (!/^[0-9a-z-]{1,40}$/.test(text))
            throw new Error('exercise is no name of an exercise');
        return text;
    },
    rec: (text) => {
        if (!/^[\w-]{4,32768}$/.test(text))
            throw new Error('rec is no recording of at most 24 KiB, in base64url');
        return text;
    },
};

// A place, from what follows '#'. null: nothing follows. Throws an Error that says what is wrong.
export function readLink(hash) {
    const text = hash.replace(/^#/, '');
    if (!text)
        return null;
    if (text.length > 40960)
        throw new Error('it is longer than 40960 characters');
    const place = { argv: [] };
    for (const pair of text.split('&')) {
        const equals = pair.indexOf('=');
        const name = equals < 0 ? pair : pair.slice(0, equals);
        let value;
        try {
            value = decodeURIComponent(pair.slice(equals + 1).replace(/\+/g, ' '));
        } catch {
            throw new Error(`${name.slice(0, 40)} is not encoded as UTF-8`);
        }
        if (name === 'argv')
            place.argv.push(value);
        else if (!Object.hasOwn(FIELDS, name) || equals < 0)
            throw new Error(`it has '${name.slice(0, 40)}', which this page does not know`);
        else if (Object.hasOwn(place, name))
            throw new Error(`it has ${name} twice`);
        else
            place[name] = FIELDS[name](value);
    }
    if (!place.v)
        throw new Error("it does not begin with 'v=1'");
    checkArgv(place.argv);
    if (place.rec && (place.argv.length !== 1 || place.argv[0].startsWith('-')))
        throw new Error('it has a recording, but not the one name of its file');
    return place;
}

// What follows '#' for a place.
export function writeLink(place) {
    const parts = ['v=1'];
    for (const word of place.argv)
        parts.push('argv=' + encodeURIComponent(word).replace(/%20/g, '+'));
    for (const name of ['rec', 'vm', 'at', 'exits', 'into', 'view', 'exercise'])
        if (place[name] !== undefined && place[name] !== null)
            parts.push(`${name}=${encodeURIComponent(place[name])}`);
    if (place.gva !== undefined && place.gva !== null)
        parts.push('gva=0x' + place.gva.toString(16));
    return '#' + parts.join('&');
}
