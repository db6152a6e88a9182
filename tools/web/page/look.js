// SPDX-License-Identifier: GPL-2.0-or-later
// look.js - a view of the machine in a component: asked for when the machine has moved, at most some
// times a second while it runs, and not at all by what is not shown.
import { useState, useRef, useLayoutEffect } from './ui.js';
import { state } from './store.js';
import { look } from './session.js';

const RUNNING_MS = 250;

// Views that are asked for and not there yet: while there are any, what is shown may be old.
let looking = 0;

function isLooking(by) {
    looking += by;
    document.documentElement.toggleAttribute('data-looking', looking > 0);
}

// {data, error}: of the last answer (data null: none yet). `turn`: it is asked for again when this is another.
export function useLook(what, more = {}, wanted = true, turn = state.turn) {
    const [view, setView] = useState({ data: null, error: null });
    const last = useRef({ asked: 0, timer: null });
    const key = JSON.stringify(more);
    const open = wanted && state.at !== null && state.phase !== 'opening' && state.phase !== 'down';
    useLayoutEffect(() => {
        if (!open)
            return undefined;
        let gone = false, begun = false;
        const begin = () => {
            begun = true;
            last.current.asked = Date.now();
            look(what, more).then((data) => !gone && setView({ data, error: null }),
                (error) => !gone && setView({ data: null, error: error.message })).then(() => isLooking(-1));
        };
        const wait = state.phase === 'running' ? RUNNING_MS - (Date.now() - last.current.asked) : 0;
        const timer = setTimeout(begin, Math.max(0, wait));
        isLooking(1);
        return () => {
            clearTimeout(timer);
            if (!begun)
                isLooking(-1);
            if (state.phase !== 'running')
                gone = true;
        };
    }, [what, key, open, turn]);
    return view;
}
