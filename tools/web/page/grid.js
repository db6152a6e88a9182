// SPDX-License-Identifier: GPL-2.0-or-later
// grid.js - tables that are moved in by keyboard, as the ARIA practices have it for grids: one cell of a grid is
// reached by Tab, the others from it by arrow keys, Home and End, with Ctrl to the first and the last. Enter
// presses the button in a cell, if there is one.
import { html, useLayoutEffect, useRef } from './ui.js';

const ROW = '[role=row], tbody > tr';
const CELL = '[role=gridcell], [role=rowheader], td, th';

const rowsOf = (grid) => [...grid.querySelectorAll(ROW)].map((row) => [...row.querySelectorAll(CELL)]).filter((row) => row.length);
const within = (number, count) => Math.max(0, Math.min(count - 1, number));

// The cell of a row that is above or below a cell of another row, where they are not of one width.
function beside(row, cell) {
    const { left } = cell.getBoundingClientRect();
    return Math.max(0, row.findLastIndex((other) => other.getBoundingClientRect().left <= left + 1));
}

function moved(rows, [r, c], { key, ctrlKey }) {
    const other = (row) => [row, rows[row].length === rows[r].length ? c : beside(rows[row], rows[r][c])];
    switch (key) {
    case 'ArrowLeft': return [r, within(c - 1, rows[r].length)];
    case 'ArrowRight': return [r, within(c + 1, rows[r].length)];
    case 'ArrowUp': return other(within(r - 1, rows.length));
    case 'ArrowDown': return other(within(r + 1, rows.length));
    case 'PageUp': return other(within(r - 8, rows.length));
    case 'PageDown': return other(within(r + 8, rows.length));
    case 'Home': return [ctrlKey ? 0 : r, 0];
    case 'End': return ctrlKey ? [rows.length - 1, rows.at(-1).length - 1] : [r, rows[r].length - 1];
    default: return null;
    }
}

// What an element needs to be a grid. The cell that Tab reaches is kept while the grid is drawn again.
export function useGrid(label) {
    const ref = useRef(null), at = useRef([0, 0]);
    const here = (rows) => {
        const r = within(at.current[0], rows.length);
        return [r, within(at.current[1], rows[r].length)];
    };
    useLayoutEffect(() => {
        const rows = ref.current ? rowsOf(ref.current) : [];
        if (!rows.length)
            return;
        const [r, c] = here(rows);
        rows.forEach((row, i) => row.forEach((cell, k) => cell.setAttribute('tabindex', i === r && k === c ? 0 : -1)));
        ref.current.querySelectorAll('button').forEach((button) => button.setAttribute('tabindex', -1));
    });
    const goTo = (rows, place) => {
        const [r, c] = here(rows);
        rows[r][c].setAttribute('tabindex', -1);
        at.current = place;
        rows[place[0]][place[1]].setAttribute('tabindex', 0);
    };
    const onfocusin = ({ target }) => {
        const rows = rowsOf(ref.current), cell = target.closest(CELL);
        const r = rows.findIndex((row) => row.includes(cell));
        if (r >= 0)
            goTo(rows, [r, rows[r].indexOf(cell)]);
    };
    const onKeyDown = (event) => {
        const rows = rowsOf(ref.current), next = moved(rows, here(rows), event);
        if (next)
            rows[next[0]][next[1]].focus();
        else if (event.key === 'Enter' && event.target.matches(CELL))
            event.target.querySelector('button')?.click();
        else
            return;
        event.preventDefault();
        event.stopPropagation();
    };
    return { ref, role: 'grid', 'aria-label': label, onfocusin, onKeyDown };
}

// The same as an element.
export function Grid({ label, name, children }) {
    return html`<div class=${name} ...${useGrid(label)}>${children}</div>`;
}

export function TableGrid({ label, name, children }) {
    return html`<table class=${name} ...${useGrid(label)}>${children}</table>`;
}
