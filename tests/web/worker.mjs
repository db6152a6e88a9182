// SPDX-License-Identifier: GPL-2.0-or-later
// worker.mjs - the page from file://, with the machine in its Worker: it opens at a trap, goes both ways,
// compares techniques, grades an exercise and opens a failure at its replay, outlives a guest that loops, and is small.
//   worker.mjs PAGE-FOLDER
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { readFile } from 'node:fs/promises';
import { launch, openPage, atRest, text, drop, loopElf } from './browser.mjs';

const MOST = 1e6; // bytes of all files, compressed

const folder = process.argv[2];
const files = await Promise.all(['index.html', 'page.js', 'page.css', 'terminal.js', 'code.js', 'pz.js', 'course.js'].map((name) => readFile(`${folder}/${name}`)));
const size = files.reduce((sum, bytes) => sum + gzipSync(bytes, { level: 9 }).length, 0);
console.log(`${size} bytes compressed`);
assert.ok(size < MOST, `the page has ${size} bytes compressed; ${MOST} are the most`);

const browser = await launch();
const began = Date.now();
const { page, faults, stop } = await openPage(browser, `file://${folder}/index.html`);
await page.locator('.tabs').waitFor();
const drawn = Date.now() - began;
await atRest(page);
console.log(`drawn after ${drawn} ms, at the first trap after ${Date.now() - began} ms`);
assert.match(await text(page, 'main'), /csrw satp[^]*Popek & Goldberg, theorem 1/);

const place = () => page.evaluate(() => location.hash);
const key = async (one) => {
    await page.keyboard.press(one);
    await atRest(page);
};
const first = await place();
for (const [forwards, back] of [['t', 'T'], ['s', 'b']]) {
    await key(forwards);
    assert.notEqual(await place(), first);
    await key(back);
    assert.equal(await place(), first);
}

// Of the kinds of machine, those can be opened that are here.
await page.keyboard.press('f');
await page.locator('.zoo').waitFor();
for (const [kind, here] of [['microkernel', 1], ['paravirtual', 1], ['container', 0], ['emulator', 0]])
    assert.equal(await page.locator('.zoo').getByRole('button', { name: kind, exact: true }).count(), here, kind);
await page.keyboard.press('Escape');
await page.locator('dialog').waitFor({ state: 'detached' });

await key('4');
await page.waitForFunction(() => /translate/.test(document.querySelector('.bill')?.innerText));
await key('5');
await page.locator('.contents button').nth(1).click();
await page.getByRole('button', { name: 'Grade', exact: true }).click();
await page.locator('.check-row.bad button').first().click();
await page.waitForFunction(() => /02-witness\.popf-tells\.pzr.*&at=[1-9]/.test(location.hash));
await atRest(page);
assert.equal(await text(page, '[role=alert]'), '');

await drop(page, 'loop.elf', loopElf());
await page.waitForFunction(() => /loop/.test(location.hash));
await atRest(page);
await page.locator('#command').fill('until a0 == 99');
await page.keyboard.press('Enter');
await page.locator('[data-do=stop]').click();
await page.locator('[data-do=stop]').waitFor({ state: 'detached' });
await atRest(page);
assert.equal(await text(page, '[role=alert]'), '');
await key('2');
assert.match(await text(page, '.exit-head'), /of vm0/);

assert.deepEqual(faults, []);
await stop();
await browser.stop();
console.log('ok   the page with its Worker');
