// SPDX-License-Identifier: GPL-2.0-or-later
// wasm.mjs - pz in WebAssembly, as a command: the files of this folder are the session's, and those
// that it writes are left here.
//   node wasm.mjs BUILD WORDS...     what pz WORDS... does, with pz.wasm of that build
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runPz, installed, install } from '../../tools/web/page/lab.js';

const [build, ...words] = process.argv.slice(2);
const files = installed(), before = new Map();
const bytesOf = (path) => new Uint8Array(readFileSync(path));

for (const name of readdirSync(join(build, 'guests')))
    if (/\.elf$/.test(name) && !/^t_/.test(name))
        install(files, `guests/${name}`, bytesOf(join(build, 'guests', name)));
for (const name of readdirSync('.').filter((name) => statSync(name).isFile())) {
    before.set(name, bytesOf(name));
    files.put(`/session/${name}`, bytesOf(name));
}

const module = new WebAssembly.Module(readFileSync(join(build, 'web', 'pz.wasm')));
const { status, out, err } = runPz(module, files, words);

for (const name of files.list('/session')) {
    const { bytes, size } = files.find(`/session/${name}`), now = bytes.subarray(0, size);
    if (!before.has(name) || Buffer.compare(before.get(name), now))
        writeFileSync(basename(name), now);
}
process.stdout.write(out);
process.stderr.write(err);
process.exitCode = status;
