// SPDX-License-Identifier: GPL-2.0-or-later
// linux.mjs - Linux in the page: its kernel and its RAM disk are given to the page from file://, and it comes to its
// shell there, which answers.
//   linux.mjs PAGE-FOLDER IMAGE INITRD
import assert from 'node:assert/strict';
import { launch, openPage, atRest, text } from './browser.mjs';

const [folder, ...files] = process.argv.slice(2);
const browser = await launch();
const { page, faults, stop } = await openPage(browser, `file://${folder}/index.html`);
await atRest(page);
await page.keyboard.press('f');
await page.locator('input[type=file]').setInputFiles(files);
await page.waitForFunction(() => document.querySelectorAll('.vm-pick').length === 1); // before, there are two
await atRest(page);
assert.equal(await text(page, '[role=alert]'), '');
assert.match(await text(page, '.exit-head'), /of vm0/);
await page.keyboard.press('1');
const printed = (what) => page.waitForFunction((source) => new RegExp(source).test(document.querySelector('.xterm-rows')?.innerText), what);
const began = Date.now();
await page.keyboard.press('r');
await printed('pz# ');
console.log(`at its shell after ${Date.now() - began} ms`);
await page.locator('.xterm-helper-textarea').focus();
await page.keyboard.type('echo $((6 * 7)) from Linux\n');
await printed('\\n42 from Linux');
assert.deepEqual(faults, []);
await stop();
await browser.stop();
console.log('ok   Linux in the page');
