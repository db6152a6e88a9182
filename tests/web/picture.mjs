// SPDX-License-Identifier: GPL-2.0-or-later
// picture.mjs - compares what a page looks like with a picture of it in the tree, an eighth of the size: fonts
// differ from host to host, and letters so small are grey; boxes, columns and colours are not.
import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

const SCALE = 8;
const DIFFERENT = 40; // of 255, in the mean of the three colours, so that a point counts
const MOST = 0.06;    // of the points

// In the page, whose browser can read and scale pictures: {now, width, height} of the screenshot made small,
// and of the picture `then`, if there is one, its size and the share of points that differ. Points stay there:
// passing so many numbers on costs more than all else.
async function look([shot, then, scale, much]) {
    const shrink = async (url, by) => {
        const image = new Image();
        image.src = url;
        await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = Math.round(image.width / by);
        canvas.height = Math.round(image.height / by);
        const context = canvas.getContext('2d');
        context.imageSmoothingQuality = 'high';
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        return { canvas, points: context.getImageData(0, 0, canvas.width, canvas.height).data };
    };
    const size = ({ canvas }) => `${canvas.width}x${canvas.height}`;
    const small = await shrink(shot, scale);
    if (!then)
        return { now: small.canvas.toDataURL('image/png') };
    const before = await shrink(then, 1);
    let different = 0;
    for (let i = 0; i < small.points.length; i += 4) {
        const by = [0, 1, 2].reduce((sum, c) => sum + Math.abs(small.points[i + c] - before.points[i + c]), 0) / 3;
        if (by > much)
            different++;
    }
    return { size: size(small), before: size(before), share: different / (small.points.length / 4) };
}

const urlOf = (png) => 'data:image/png;base64,' + png.toString('base64');

export async function compareShot(page, file) {
    const shot = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    if (process.env.PZ_SHOTS) {
        await mkdir(process.env.PZ_SHOTS, { recursive: true });
        await writeFile(`${process.env.PZ_SHOTS}/${file.split('/').at(-1)}`, shot);
    }
    if (process.env.PZ_GOLDEN === 'write') {
        const { now } = await page.evaluate(look, [urlOf(shot), null, SCALE, DIFFERENT]);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, Buffer.from(now.split(',')[1], 'base64'));
        return;
    }
    const { size, before, share } = await page.evaluate(look, [urlOf(shot), urlOf(await readFile(file)), SCALE, DIFFERENT]);
    if (size !== before)
        throw new Error(`${file} is ${before}, the page ${size}`);
    if (share > MOST)
        throw new Error(`${file}: ${(share * 100).toFixed(1)} % of the points differ (at most ${MOST * 100} %)`);
}
