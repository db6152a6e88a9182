// SPDX-License-Identifier: GPL-2.0-or-later
// page.mjs - the page in the system's Chromium, with a session of `pz web --stdio` behind it: every view, by
// keyboard alone, by links and hostile links, with files dropped on it, and with a guest that loops.
//   page.mjs PAGE-FOLDER GOLDEN-FOLDER      PZ_GOLDEN=write: pictures are written instead of compared
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, realServer, launch, openPage, atRest, text, axeSource, drop, loopElf } from './browser.mjs';
import { compareShot } from './picture.mjs';

const [folder, golden] = process.argv.slice(2);
const START = '#v=1&argv=--vms&argv=2&argv=--append&argv=ls&argv=mini&vm=0&at=130000';
const VIEWS = ['machine', 'trap', 'time', 'techniques', 'course'];
const site = await serve(folder);
const browser = await launch();
const tests = {};

// Where mini turns its paging on: another place when mini changes.
async function findPaging() {
    const work = await mkdtemp(join(tmpdir(), 'pz-trace-'));
    execFileSync(process.env.PZ, ['run', '--vms', '1', '--append', 'ls', '--trace', 'events'], { cwd: work, stdio: 'ignore' });
    const line = (await readFile(join(work, 'events'), 'utf8')).split('\n').find((text) => /"csrw satp/.test(text));
    await rm(work, { recursive: true });
    return JSON.parse(line).retired + 1; // it is shown when it has been served
}

const PAGING = await findPaging();

async function withPage(hash, work, more = {}) {
    const opened = await openPage(browser, site.url + hash, { native: true, ...more });
    try {
        await atRest(opened.page);
        await work(opened.page, opened);
        assert.deepEqual(opened.faults, [], 'the page has logged an error, or asked for something elsewhere');
    } finally {
        await opened.stop();
    }
}

const key = (page, ...keys) => keys.reduce((before, one) => before.then(() => page.keyboard.press(one)).then(() => atRest(page)), Promise.resolve());
const place = (page) => page.evaluate(() => location.hash);
const at = async (page) => Number(/&at=(\d+)/.exec(await place(page))?.[1]);

tests['a page that is just opened stands at a trap, and says why'] = () => withPage('', async (page) => {
    const seen = await text(page, 'main');
    assert.match(seen, /csrw satp/);
    assert.match(seen, /Popek & Goldberg, theorem 1/);
    assert.match(seen, /dispatcher chose illegal_insn/);
    assert.match(await place(page), /^#v=1&argv=--vms&argv=2&argv=mini&vm=0&at=\d+&exits=\d+&view=trap$/);
});

tests['while nothing is asked, the way back is worked out ahead'] = () => withPage(START, async (page, { sessions }) => {
    while (!sessions[0].asked.some((text) => /"prepare"/.test(text)))
        await page.waitForTimeout(20);
    const here = await at(page);
    await key(page, 'T');
    assert.ok(await at(page) < here);
});

// No bridge in between: the program's own server, its headers and its session.
if (process.env.PZ_SERVER)
    tests['the address that pz web prints: a trap, and a step back'] = async () => {
        const server = await realServer();
        try {
            const { page, faults, stop } = await openPage(browser, server.url);
            await atRest(page);
            assert.match(await text(page, 'main'), /dispatcher chose illegal_insn/);
            assert.equal(page.url().split(/[?#]/)[0], server.url.split('?')[0], 'the token is out of the address');
            const first = await place(page);
            for (const [forwards, back] of [['t', 'T'], ['s', 'b']]) {
                await key(page, forwards);
                assert.notEqual(await place(page), first);
                await key(page, back);
                assert.equal(await place(page), first, `${back} goes back`);
            }
            assert.deepEqual(faults, []);
            assert.equal(page.workers().length, 0, 'the session is the server\'s');
            await stop();
        } finally {
            assert.equal(await server.stop(), 0, 'the exit code');
        }
    };

// Every view in two widths and both themes: nothing serious for axe, nothing wider than the window, and the picture.
for (const [width, height, scheme] of [[1920, 1080, 'light'], [360, 740, 'dark']])
    tests[`every view at ${width} px, ${scheme}`] = () => withPage(START, async (page) => {
        await page.evaluate(await axeSource());
        for (const view of VIEWS) {
            await page.locator('#tab-' + view).click();
            await atRest(page);
            const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
            const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
            assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary}`), [], view);
            assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= width, `${view} is wider than ${width} px`);
            await compareShot(page, `${golden}/${view}-${width}-${scheme}.png`);
        }
    }, { size: { width, height }, scheme });

tests['the keyboard alone'] = () => withPage(START, async (page) => {
    await page.keyboard.press('Tab');
    assert.match(await page.evaluate(() => document.activeElement.textContent), /To the view/);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-trap');
    await key(page, 'ArrowLeft');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-machine');
    assert.match(await place(page), /view=machine/);
    await key(page, 'ArrowRight', 's');
    assert.equal(await at(page), 130001);
    await key(page, 'b', 'T');
    const exit = await at(page);
    assert.ok(exit < 130000, 'back trap goes back');
    await key(page, 'i', 'i');
    assert.match(await page.locator('.step.on').innerText(), /dispatch/);
    assert.match(await place(page), /&into=1/);
    await key(page, 'o');
    assert.match(await page.locator('.step.on').innerText(), /exit/);
    await key(page, 't');
    assert.ok(await at(page) > exit, 'trap goes forwards');
    await key(page, 'n');
    assert.match(await place(page), /&vm=1/);
    await key(page, '?');
    await page.locator('dialog').waitFor({ state: 'visible' });
    assert.match(await text(page, 'dialog'), /back trap/);
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.type(String(PAGING).replace(/\B(?=(\d{3})+$)/g, ' '));
    await key(page, 'Enter');
    assert.equal(await at(page), PAGING);
    await page.keyboard.press('Escape');
    await page.evaluate(() => document.activeElement.blur());
    await key(page, '3');
    await page.locator('.timeline').focus();
    await key(page, 'Home');
    assert.match(await place(page), /&at=0/);
});

// One stop for Tab; arrow keys from there; the place is kept when the machine moves.
tests['grids are moved in by keyboard'] = () => withPage(START + '&view=trap', async (page) => {
    const here = () => page.evaluate(() => ({ role: document.activeElement.getAttribute('role'), says: document.activeElement.getAttribute('aria-label') || document.activeElement.textContent,
        grid: document.activeElement.closest('[role=grid]')?.getAttribute('aria-label') }));
    for (const grid of ['Registers', 'CSRs: virtual and real', 'Code', 'Guest’s page table'])
        assert.equal(await page.locator(`[role=grid][aria-label="${grid}"] [tabindex="0"]`).count(), 1, grid);
    await page.locator('[role=grid][aria-label=Registers] [tabindex="0"]').focus();
    const first = await here();
    assert.deepEqual([first.role, first.grid], ['rowheader', 'Registers']);
    await key(page, 'ArrowRight');
    assert.match((await here()).says, /^0x[0-9a-f]{8}$/);
    await key(page, 'Control+End', 'Home');
    assert.equal((await here()).says, 't6');
    await key(page, 'ArrowUp', 's');
    assert.deepEqual(await here(), { role: 'rowheader', says: 't5', grid: 'Registers' });
    await key(page, 'ArrowUp');
    assert.equal((await here()).says, 't4');
    const code = '[role=grid][aria-label=Code]';
    await page.locator(`${code} [tabindex="0"]`).focus();
    await key(page, 'ArrowDown', 'Enter');
    assert.equal(await page.locator(`${code} .point.set`).count(), 1);
    await key(page, 'Enter');
    assert.equal(await page.locator(`${code} .point.set`).count(), 0);
    await page.locator('#tab-machine').click();
    await atRest(page);
    await page.locator('[role=grid][aria-label="Machine memory by owner"] [tabindex="0"]').focus();
    assert.match((await here()).says, /^0x00000000, .*: /);
    await key(page, 'Control+End');
    const last = (await here()).says;
    assert.match(last, /^0x[0-9a-f]{8}, .*: free|RAM|set aside/);
    assert.equal(await text(page, 'figure:has([role=grid]) > p'), last);
});

tests['a console: what is typed runs the machine, and Tab leaves it'] = () => withPage('#v=1&argv=mini&view=machine', async (page) => {
    await page.locator('.xterm-helper-textarea').focus();
    await page.keyboard.type('echo the quick fox\n');
    await page.waitForFunction(() => /\nthe quick fox/.test(document.querySelector('.xterm-rows').innerText));
    await page.keyboard.press('Tab');
    assert.ok(!await page.evaluate(() => document.activeElement.closest('.terminal-host')), 'Tab leaves the console');
    await page.locator('[data-do=run]').filter({ hasText: 'Run' }).waitFor();
    assert.match(await text(page, '.stop'), /wait for input/);
});

tests['a link opens the same place for somebody else'] = async () => {
    let link, seen;
    await withPage(START + '&view=trap', async (page) => {
        await key(page, 'T', 'i');
        link = await place(page);
        seen = await text(page, '.path');
    });
    await withPage(link, async (page) => {
        assert.equal(await text(page, '.path'), seen);
        assert.equal(await place(page), link);
        const earlier = link.replace(/at=\d+/, `at=${PAGING}`).replace('&into=0', '');
        await page.evaluate((hash) => { location.hash = hash; }, earlier);
        await page.waitForFunction(() => /csrw satp/.test(document.querySelector('.path')?.innerText));
    });
};

tests['a recording that is in a link opens, and stays in the link'] = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pz-rec-'));
    execFileSync(process.env.PZ, ['run', '--append', 'ls', '--record', 'ls.pzr'], { cwd: folder, stdio: 'ignore' });
    const rec = (await readFile(join(folder, 'ls.pzr'))).toString('base64url');
    await rm(folder, { recursive: true });
    await withPage(`#v=1&argv=ls.pzr&rec=${rec}&vm=0&at=${PAGING}&view=trap`, async (page) => {
        assert.match(await text(page, '.exit-head'), /csrw satp/);
        assert.ok((await place(page)).startsWith(`#v=1&argv=ls.pzr&rec=${rec}&vm=0&at=${PAGING}`));
    });
};

const HOSTILE = {
    '#v=2&argv=mini': /version '2'/,
    '#v=1&argv=--gdb&argv=1234&argv=mini': /option '--gdb'/,
    '#v=1&argv=../../etc/passwd': /no name of a guest/,
    '#v=1&argv=mini&view=<img src=x onerror=alert(1)>': /no view '<img/,
    '#v=1&at=-1&argv=mini': /at is no whole number/,
    '#v=1&argv=mini&at=1&at=2': /at twice/,
    '#v=1&__proto__=1': /'__proto__', which this page does not know/,
    '#%E0%A4%A': /not encoded as UTF-8/,
    [`#v=1&argv=mini${'&argv=--vms&argv=1'.repeat(40)}`]: /81 arguments/,
    '#v=1&argv=--append&argv=%00&argv=mini': /control characters/,
};

tests['hostile links are refused by name, and the start is shown'] = () => withPage('', async (page) => {
    page.on('dialog', () => assert.fail('a link has run a script'));
    for (const [link, says] of Object.entries(HOSTILE)) {
        await page.evaluate((hash) => { location.hash = hash; }, link);
        await page.waitForFunction((source) => new RegExp(source).test(document.querySelector('[role=alert]').innerText), says.source);
        await atRest(page);
        assert.match(await text(page, 'main'), /csrw satp/, link);
    }
    await page.evaluate(() => { location.hash = '#v=1&argv=mini&at=999999999999999&view=trap'; });
    await page.locator('[data-do=stop]').click();
    await page.waitForFunction(() => /stopped on the way/.test(document.querySelector('[role=alert]').innerText));
    await page.evaluate(() => { location.hash = '#v=1&argv=mine.elf&view=trap'; });
    await page.waitForFunction(() => /Drop mine.elf/.test(document.querySelector('[role=alert]').innerText));
});

tests['files that are dropped: garbage is refused, a kernel opens'] = () => withPage(START, async (page) => {
    const elf = await readFile(process.env.PZ_GUESTS + '/t_atomics.elf');
    const garbage = { 'noise.elf': Uint8Array.from({ length: 4096 }, (_, i) => (i * 167 + 13) & 255), 'empty.elf': [], 'half.elf': elf.subarray(0, 60),
        'noise.pzr': Buffer.from('PZR\u0001garbage'), '<b>.pzs': Buffer.from('x') };
    for (const [name, bytes] of Object.entries(garbage)) {
        await page.evaluate(() => document.querySelector('[aria-label="Put this message away"]')?.click());
        await drop(page, name, bytes);
        await page.waitForFunction(() => /What was open is open again/.test(document.querySelector('[role=alert]').innerText));
        await atRest(page);
        assert.equal(await at(page), 130000, name);
    }
    await drop(page, 'my kernel.elf', elf);
    await page.waitForFunction(() => /my-kernel\.elf/.test(location.hash));
    await atRest(page);
    assert.match(await text(page, '.exit-head'), /of vm0/);
});

tests['a guest that loops takes nothing from the page'] = () => withPage('', async (page, { sessions }) => {
    await drop(page, 'loop.elf', loopElf());
    await page.waitForFunction(() => /loop/.test(location.hash));
    await atRest(page);
    await page.keyboard.press('r');
    await page.locator('[data-do=run]').filter({ hasText: 'Pause' }).waitFor();
    await page.locator('#tab-machine').click();
    await page.waitForFunction(() => Number(document.querySelector('.console .mono').innerText.replace(/\D.*/, '')) >= 0);
    await page.keyboard.press('r');
    await atRest(page);
    const here = await at(page);
    assert.ok(here > 1000, `it ran: ${here}`);
    // `until` never comes true: that is interrupted, and the machine stands where it has come to.
    await page.locator('#command').fill('until a0 == 99');
    await page.keyboard.press('Enter');
    await page.locator('[data-do=stop]').click();
    await page.locator('[data-do=stop]').waitFor({ state: 'detached' });
    await atRest(page);
    assert.equal(await text(page, '[role=alert]'), '');
    assert.ok(await at(page) > here, 'it stands where it has come to');
    assert.equal(sessions.length, 1, 'it is the same session');
});

tests['time: the line is dragged to an instruction'] = () => withPage(START + '&view=time', async (page, { sessions }) => {
    const pictures = () => sessions[0].asked.filter((text) => /"timeline"/.test(text)).length;
    const bars = () => page.locator('.timeline g > rect:not(.lane-back)').count();
    const before = { pictures: pictures(), bars: await bars() };
    const box = await page.locator('.timeline').boundingBox();
    await page.mouse.move(box.x + box.width - 10, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 40, { steps: 3 });
    await page.mouse.up();
    await page.waitForFunction(() => /&at=(5|6|7)\d{4}&/.test(location.hash));
    await key(page, 's', 'b', 'T');
    assert.deepEqual({ pictures: pictures(), bars: await bars() }, before, 'what lies behind the line stays, and is not asked for again');
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await atRest(page);
    assert.match(await text(page, '.kinds'), /fill/);
});

tests['techniques: the bill, and where the guest notices'] = () => withPage(START + '&view=techniques', async (page) => {
    await page.locator('.bill').waitFor();
    assert.match(await text(page, '.bill'), /plain, lazy[^]*translate/);
    await page.getByRole('radio', { name: /^popf/ }).check();
    await page.waitForFunction(() => /it can/.test(document.querySelector('.bill')?.innerText));
    assert.match(await place(page), /argv=--variant&argv=popf/);
    await atRest(page);
    await page.getByRole('button', { name: 'Where does the guest notice?' }).click();
    await page.waitForFunction(() => /view=trap/.test(location.hash));
    await atRest(page);
    assert.ok(await at(page) > 0);
});

tests['the kinds of machine are a way in'] = () => withPage(START, async (page) => {
    await page.getByRole('button', { name: 'Open…' }).click();
    await page.locator('.zoo').waitFor();
    assert.match(await text(page, '.zoo'), /monolithic[^]*microkernel[^]*exokernel[^]*co-designed/);
    await page.getByRole('button', { name: 'microkernel' }).click();
    await page.waitForFunction(() => /argv=micro\.elf/.test(location.hash));
    await atRest(page);
    const link = await place(page);
    assert.ok(await at(page) >= 0);
    await page.reload();
    await atRest(page);
    assert.equal(await text(page, '[role=alert]'), '');
    assert.equal(await place(page), link, 'its link opens it again');
});

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
    if (process.env.PZ_ONLY && !name.includes(process.env.PZ_ONLY))
        continue;
    const began = Date.now();
    try {
        await test();
        console.log(`ok   ${name} (${Date.now() - began} ms)`);
    } catch (error) {
        failed++;
        console.log(`FAIL ${name}\n${error.stack}`);
    }
}
const elsewhere = site.asked.filter((path) => !/^\/(index\.html|page\.(js|css)|terminal\.js|code\.js|pz\.js)$/.test(path));
if (elsewhere.length) {
    failed++;
    console.log('FAIL the page asked for', elsewhere);
}
await browser.stop();
site.stop();
process.exitCode = failed ? 1 : 0;
