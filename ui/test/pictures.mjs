// SPDX-License-Identifier: GPL-3.0-or-later
/* pictures.mjs - every page as a picture, at three widths, in both themes; see tools/pictures.
 *
 * Usage: node pictures.mjs PROGRAM FOLDER [PAGE...] */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromium as browserPath, ownPassword, serve } from './server.mjs';
import { fillDesk, places } from './places.mjs';

const [program, folder, ...only] = process.argv.slice(2);
const widths = { 360: 740, 1280: 800, 1920: 1080 };

mkdirSync(folder, { recursive: true });
const s = await serve(program, { ready: true });
const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
let failed = 0;
try {
	const data = await fillDesk(s);
	for (const [width, height] of Object.entries(widths))
		for (const theme of ['light', 'dark']) {
			const context = await browser.newContext({ viewport: { width: Number(width), height }, colorScheme: theme,
				locale: 'en-GB', timezoneId: 'Europe/Madrid', reducedMotion: 'reduce' });
			const page = await context.newPage();
			const shoot = async (name) => {
				await page.waitForTimeout(350);
				await page.screenshot({ path: join(folder, `${name}-${width}-${theme}.png`) });
			};
			page.on('pageerror', (e) => { failed++; console.error(`${page.url()}: ${e.message}`); });
			await context.addCookies([{ name: 'vedette', value: s.api.cookie.split('=')[1], url: s.url }]);
			for (const place of places(data)) {
				if (only.length && !only.includes(place.name))
					continue;
				if (place.open)
					await context.clearCookies();
				await page.goto(s.url + place.path);
				if (place.ready)
					await page.waitForSelector(place.ready, { timeout: 10000 }).catch((e) => { failed++; console.error(`${place.name}: ${e.message.split('\n')[0]}`); });
				await place.act?.(page);
				await shoot(place.name);
				if (place.open)
					await context.addCookies([{ name: 'vedette', value: s.api.cookie.split('=')[1], url: s.url }]);
			}
			await context.close();
		}
} finally {
	await browser.close();
	await s.stop();
}
void ownPassword;
process.exit(failed ? 1 : 0);
