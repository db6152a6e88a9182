// SPDX-License-Identifier: GPL-2.0-or-later
// run.mjs - runs a program for WASI that has the engine `wasm`, in Node.js:
//   node run.mjs PROGRAM.wasm [argument...]
// It sees the host's files under their own names.
import { readFileSync } from "node:fs";
import { WASI } from "node:wasi";
import { regions } from "../../isa/engine/wasm/regions.mjs";

const [path, ...args] = process.argv.slice(2);
const wasi = new WASI({ version: "preview1", args: [path, ...args], preopens: { "/": "/" } });
let instance;
const imports = { ...wasi.getImportObject(), pz: regions(() => instance.exports) };

instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)), imports);
process.exitCode = wasi.start(instance);
