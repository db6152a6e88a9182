// SPDX-License-Identifier: GPL-2.0-or-later
// regions.mjs - the compiler of the engine `wasm`: what imports.c imports. It compiles at once, so it
// runs in a Worker, or in Node.js; pages allow that only for small modules.

// The import object's "pz", for a pz whose exports `exports()` gives once it is instantiated: its
// memory, and its table as "__indirect_function_table", which may grow.
export function regions(exports) {
    const unused = [];

    // Where the function is put: a place given back, or a new one.
    const place = (table) => unused.pop() ?? table.grow(1);

    return {
        region_compile(at, len) {
            const { memory, __indirect_function_table: table } = exports();
            try {
                const module = new WebAssembly.Module(new Uint8Array(memory.buffer, at, len));
                const instance = new WebAssembly.Instance(module, { pz: { memory, table } });
                const index = place(table);
                table.set(index, instance.exports.f0);
                return index;
            } catch {
                return 0;
            }
        },
        region_release(index) {
            exports().__indirect_function_table.set(index, null);
            unused.push(index);
        },
    };
}
