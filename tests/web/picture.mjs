// SPDX-License-Identifier: GPL-2.0-or-later
// picture.mjs - compares what a page looks like with a picture of it in the tree, an eighth of the size: fonts
// differ from host to host, and letters so small are grey; boxes, columns and colours are not.
import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

const SCALE = 8;
const DIFFERENT = 40; // of 255, in the mean of the three colours, so that a point counts
const MOST = 0.06;    // of the points

// In the page, whose browser can read and scale pictures.
async function shrink([url, scale]) {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.width / scale);
    canvas.height = Math.round(image.height / scale);
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return { url: canvas.toDataURL('image/png'), width: canvas.width, height: canvas.height,
        points: Array.from(context.getImageData(0, 0, canvas.width, canvas.height).data) };
}

const urlOf = (png) => 'data:image/png;base64,' + png.toString('base64');

export async function compareShot(page, file) {
    const shot = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    const now = await page.evaluate(shrink, [urlOf(shot), SCALE]);
    if (process.env.PZ_SHOTS) {
        await mkdir(process.env.PZ_SHOTS, { recursive: true });
        await writeFile(`${process.env.PZ_SHOTS}/${file.split('/').at(-1)}`, shot);
    }
    if (process.env.PZ_GOLDEN === 'write') {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, Buffer.from(now.url.split(',')[1], 'base64'));
        return;
    }
    const then = await page.evaluate(shrink, [urlOf(await readFile(file)), 1]);
    if (then.width !== now.width || then.height !== now.height)
        throw new Error(`${file} is ${then.width}x${then.height}, the page ${now.width}x${now.height}`);
    let different = 0;
    for (let i = 0; i < now.points.length; i += 4) {
        const by = [0, 1, 2].reduce((sum, c) => sum + Math.abs(now.points[i + c] - then.points[i + c]), 0) / 3;
        if (by > DIFFERENT)
            different++;
    }
    const share = different / (now.points.length / 4);
    if (share > MOST)
        throw new Error(`${file}: ${(share * 100).toFixed(1)} % of the points differ (at most ${MOST * 100} %)`);
}
