// SPDX-License-Identifier: GPL-2.0-or-later
// browser.mjs - what the page's tests share: the system's Chromium, headless; the built page from a local
// server that has nothing but its files; a session behind it, of `pz web --stdio`.
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join, extname, normalize } from 'node:path';
import { tmpdir } from 'node:os';

const need = createRequire(join(process.env.PZ_NPM, 'package.json'));
const { chromium } = need('playwright-core');
export const axeSource = () => readFile(need.resolve('axe-core/axe.min.js'), 'utf8');

const HANGS = 120000; // ms, for what never comes: no machine is so slow

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
    '.wasm': 'application/wasm' };

export async function serve(folder) {
    const asked = [];
    const server = createServer(async (request, response) => {
        const path = normalize(new URL(request.url, 'http://x').pathname).replace(/\/$/, '/index.html');
        asked.push(path);
        try {
            const body = await readFile(join(folder, path));
            response.writeHead(200, { 'Content-Type': TYPES[extname(path)] || 'application/octet-stream' });
            response.end(body);
        } catch {
            response.writeHead(404).end();
        }
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    return { url: `http://127.0.0.1:${server.address().port}/`, asked, stop: () => server.close() };
}

// A session of `pz web --stdio`: lines to it, and lines from it in the same order.
export function session() {
    // It is killed in the end, so its folder is in one that goes with the test.
    const env = { ...process.env, TMPDIR: process.env.HOME };
    const child = spawn(process.env.PZ, ['web', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'], env });
    const waiting = [], asked = [];
    createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(line));
    return {
        child, asked,
        ask: (text) => new Promise((done) => {
            asked.push(text);
            waiting.push(done);
            child.stdin.write(text.replace(/\n/g, ' ') + '\n');
        }),
        stop: () => child.kill('SIGKILL'),
    };
}

// `pz web` itself: the address that it prints.
export async function realServer() {
    const child = spawn(process.env.PZ, ['web'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const over = new Promise((done) => child.on('exit', done));
    const url = await new Promise((resolve, reject) => {
        createInterface({ input: child.stderr }).on('line', (line) => {
            const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=\w+/.exec(line);
            if (found)
                resolve(found[0]);
        });
        over.then(() => reject(new Error('pz web has ended')));
    });
    return { url, stop: () => { child.kill('SIGINT'); return over; } };
}

// What Chromium leaves in $TMPDIR goes with its profile. It has sockets there, whose paths have to be short.
export async function launch() {
    const home = await mkdtemp(join(tmpdir().length < 40 ? tmpdir() : '/tmp', 'pz-page-'));
    const context = await chromium.launchPersistentContext(home, {
        executablePath: process.env.PZ_CHROMIUM || '/usr/bin/chromium',
        headless: true,
        env: { ...process.env, TMPDIR: home },
        viewport: { width: 1920, height: 1080 },
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
            '--disable-component-update', '--disable-sync', '--font-render-hinting=none'],
    });
    context.setDefaultTimeout(HANGS);
    return {
        context,
        stop: async () => {
            await context.close();
            await rm(home, { recursive: true, force: true });
        },
    };
}

// The page at a place, with a session behind its WebSocket. What the page logs as an error, or asks for from
// elsewhere, is in `faults`.
export async function openPage({ context }, url, { native = false, ...more } = {}) {
    const page = await context.newPage();
    const faults = [];
    const sessions = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('request', (request) => {
        if (!/^(http:\/\/127\.0\.0\.1:|file:|data:|blob:)/.test(request.url()))
            faults.push('asked for ' + request.url());
    });
    if (native)
        await page.routeWebSocket(/\/session/, (socket) => {
            const one = session();
            sessions.push(one);
            one.child.on('exit', () => socket.close());
            // As the server does it.
            socket.onMessage((text) => (JSON.parse(text).do === 'interrupt' ? one.child.kill('SIGINT') :
                one.ask(text).then((answer) => socket.send(answer))));
            socket.onClose(() => one.stop());
        });
    if (more.size)
        await page.setViewportSize(more.size);
    if (more.scheme)
        await page.emulateMedia({ colorScheme: more.scheme, reducedMotion: 'reduce' });
    await page.goto(url);
    return { page, faults, sessions, stop: async () => { await page.close(); sessions.forEach((one) => one.stop()); } };
}

// Until the page is at rest: open, stopped, and everything that it shows is there.
export async function atRest(page) {
    await page.waitForFunction(() => document.querySelector('.control.main:not(:disabled)') &&
        !document.querySelector('[aria-busy=true]') && !document.documentElement.hasAttribute('data-looking'));
}

export async function text(page, selector) {
    return page.locator(selector).first().innerText();
}

// A file dropped onto the page.
export function drop(page, name, bytes) {
    return page.evaluate(([file, data]) => {
        const list = new DataTransfer();
        list.items.add(new File([Uint8Array.from(data)], file));
        dispatchEvent(new DragEvent('drop', { dataTransfer: list, cancelable: true }));
    }, [name, [...bytes]]);
}

// An ELF file of one instruction that jumps to itself, at 0.
export function loopElf() {
    const file = Buffer.alloc(88);
    file.write('\x7fELF\x01\x01\x01', 'latin1');
    [[16, 2, 2], [18, 243, 2], [20, 1, 4], [24, 0, 4], [28, 52, 4], [40, 52, 2], [42, 32, 2], [44, 1, 2],
        [52, 1, 4], [56, 84, 4], [60, 0, 4], [64, 0, 4], [68, 4, 4], [72, 4, 4], [76, 5, 4], [80, 4, 4], [84, 0x6f, 4]]
        .forEach(([offset, value, size]) => file.writeUIntLE(value, offset, size));
    return file;
}
