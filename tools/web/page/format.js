// SPDX-License-Identifier: GPL-2.0-or-later
// format.js - numbers as people read them.

// An address or a register: all its digits. Guest-physical addresses can have 34 bits.
export function hex(value) {
    if (value === null || value === undefined)
        return '–';
    return typeof value === 'number' ? '0x' + value.toString(16).padStart(8, '0') : String(value);
}

export function count(value) {
    return value === null || value === undefined ? '–' : value.toLocaleString('en-US').replace(/,/g, '\u2009');
}

export function bytes(value) {
    const units = ['B', 'KiB', 'MiB', 'GiB'];
    let unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
        value /= 1024;
        unit++;
    }
    return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[unit]}`;
}

// What a person typed for a number: decimal, with or without separators, or hexadecimal. NaN: none.
export function number(text) {
    const clean = text.trim().replace(/[\s,_\u2009]/g, '');
    return /^(0x[0-9a-f]{1,9}|[0-9]{1,15})$/i.test(clean) ? Number(clean) : NaN;
}

export function plural(n, word) {
    return `${count(n)} ${word}${n === 1 ? '' : 's'}`;
}

// Bytes to base64, in pieces that a call can take as arguments.
export function base64(buffer) {
    const all = new Uint8Array(buffer);
    let text = '';
    for (let at = 0; at < all.length; at += 0x8000)
        text += String.fromCharCode(...all.subarray(at, at + 0x8000));
    return btoa(text);
}
