#!/usr/bin/env node
// SPDX-License-Identifier: GPL-2.0-or-later
// build.mjs - makes of the page's modules classic scripts and a style sheet, which work from file:// too: the page,
// and what it loads when a view needs it.
//   node build.mjs PACKAGES OUT     PACKAGES: the folder with node_modules that scripts/setup.sh fills
import { createRequire } from 'node:module';
import { copyFile, mkdir } from 'node:fs/promises';
import { join, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [packages, out] = process.argv.slice(2).map((path) => resolve(path));
const here = dirname(fileURLToPath(import.meta.url));
const { build } = createRequire(join(packages, 'package.json'))('esbuild');

await mkdir(out, { recursive: true });
await build({
    entryPoints: ['page.js', 'terminal.js', 'code.js'].map((name) => join(here, name)),
    outdir: out,
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['es2022'],
    nodePaths: [join(packages, 'node_modules')],
    legalComments: 'inline',
    charset: 'utf8',
    logLevel: 'warning',
});
await copyFile(join(here, 'index.html'), join(out, 'index.html'));
