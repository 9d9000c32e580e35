// SPDX-License-Identifier: GPL-3.0-or-later
/* pictures.mjs - every page as a picture, at three widths, in both themes; see tools/pictures.
 *
 * Usage: node pictures.mjs PROGRAM FOLDER [PAGE...] */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromium as browserPath, serve } from './server.mjs';
import { auditZone, fillDesk, places } from './places.mjs';

const [program, folder, ...only] = process.argv.slice(2);
const widths = { 360: 740, 1280: 800, 1920: 1080 };

/* A small zone with faults of several families. */
const zone = `$ORIGIN invented.example.
$TTL 3600
@ SOA ns1 admin 1 7200 3600 1209600 3600
@ NS ns1
ns1 A 192.0.2.1
www CNAME nowhere
www A 192.0.2.9
@ MX 10 www
shop NS ns1.shop
shop DS 4711 5 1 0123456789012345678901234567890123456789
bank NS ns.hoster.example.
mail NS ns.hoster.example.
@ DNSKEY 256 3 5 AwEAAc3P
`;

mkdirSync(folder, { recursive: true });
const s = await serve(program, { ready: true });
const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
let failed = 0;
try {
	const data = await fillDesk(s);
	auditZone(s, data);
	writeFileSync(join(s.folder, 'invented.zone'), zone);
	s.run('verify', 'zone', 'invented.zone', '--db', 'a.db');
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
process.exit(failed ? 1 : 0);
