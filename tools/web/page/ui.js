// SPDX-License-Identifier: GPL-2.0-or-later
// ui.js - what all views draw with: elements by Preact (which escapes every text and keeps focus and
// scrolling when a view is drawn again), and the small components that more than one view has.
import { h, Fragment } from 'preact';
import { useState, useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import htm from 'htm';

export const html = htm.bind(h);
export { Fragment, useState, useEffect, useLayoutEffect, useRef };

// A panel with a heading; `tools` stand right of it.
export function Panel({ title, tools, name, children }) {
    return html`<section class=${'panel ' + (name || '')} aria-label=${title}>
        <header class="panel-head"><h2>${title}</h2>${tools && html`<div class="tools">${tools}</div>`}</header>
        <div class="panel-body">${children}</div>
    </section>`;
}

// A drawing: SVG whose title and description a screen reader says.
export function Drawing({ title, description, width, height, children, name }) {
    const id = 'drawing-' + title.toLowerCase().replace(/\W+/g, '-');
    return html`<svg class=${'drawing ' + (name || '')} role="img" aria-labelledby=${id + '-t'}
        aria-describedby=${id + '-d'} viewBox=${`0 0 ${width} ${height}`} width=${width} height=${height}>
        <title id=${id + '-t'}>${title}</title><desc id=${id + '-d'}>${description}</desc>${children}</svg>`;
}

// Which colour a VM has, everywhere.
export function vmColour(vm) {
    return `var(--vm${vm % 8})`;
}

export function VmName({ vm }) {
    return html`<span class="vm-name" style=${{ '--c': vmColour(vm) }}>vm${vm}</span>`;
}

// The width of an element, as it changes.
export function useWidth(otherwise) {
    const ref = useRef(null);
    const [width, setWidth] = useState(otherwise);
    useEffect(() => {
        const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
        observer.observe(ref.current);
        return () => observer.disconnect();
    }, []);
    return [ref, width];
}

export function Waiting({ view }) {
    if (view.error)
        return html`<p class="muted">${view.error}</p>`;
    return html`<p class="muted" aria-busy="true">…</p>`;
}
