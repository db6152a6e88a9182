// SPDX-License-Identifier: GPL-2.0-or-later
// inside.mjs - the page from file://, with pz.wasm in its Worker, in the system's Chromium: it begins at a
// trap, and asks for nothing but its own files.
//   inside.mjs PAGE-FOLDER
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { launch, openPage, atRest, text } from './browser.mjs';

const [folder] = process.argv.slice(2);
const browser = await launch();
try {
    const { page, faults, stop } = await openPage(browser, pathToFileURL(join(folder, 'index.html')).href);
    await atRest(page);
    assert.match(await text(page, 'main'), /dispatcher chose illegal_insn/);
    assert.deepEqual(faults, [], 'the page has logged an error, or asked for something elsewhere');
    await stop();
} finally {
    await browser.stop();
}
console.log('the page from file:// is at a trap');
