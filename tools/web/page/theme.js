// SPDX-License-Identifier: GPL-2.0-or-later
// theme.js - dark or light: the system's, or what a person chose, which is kept if the browser keeps it.
const NAME = 'pz-theme';

function keep(value) {
    try {
        if (value)
            localStorage.setItem(NAME, value);
        return localStorage.getItem(NAME);
    } catch {
        return null; // a page that may keep nothing
    }
}

export function isDark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

export function readTheme() {
    const kept = keep(null);
    if (kept === 'dark' || kept === 'light')
        document.documentElement.dataset.theme = kept;
}

export function otherTheme() {
    const theme = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    keep(theme);
    dispatchEvent(new Event('pz-theme'));
}
