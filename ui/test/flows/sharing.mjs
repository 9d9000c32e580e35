// SPDX-License-Identifier: GPL-3.0-or-later
/* sharing.mjs - who would see what, an export that a label forbids, the rest of it as STIX. */
import { readFileSync } from 'node:fs';

export default async function ({ page, data, ok, axe, steady }) {
	const p = await page(`/sharing?incidents=${data.incident}`);

	await p.waitForSelector('.lattice');
	await p.click('.matrix button:has-text("Outside CERT")');
	await p.waitForSelector('.sharing-give:has-text("Outside CERT")');
	ok('what stays says why', /is stricter than TLP:CLEAR/.test(await p.textContent('.sharing-items')));
	await p.click('.sharing-give .main');
	await p.waitForSelector('.refused');
	ok('an export that a label forbids is refused by name', /Outside|outsider|stricter/.test(await p.textContent('.refused')));
	const named = await p.locator('.refused li').allTextContents();
	ok('  each item by what it is called', named.length > 0 && !named.some((x) => /[0-9a-f]{16}/.test(x)), named);
	ok('  findings by what was found, not by a rule', !/\b(tunnel|nxstorm|dga|reflection)\.[a-z]/.test(await p.textContent('.sharing-items')));
	await axe(p, 'sharing, refused');
	await p.goto(p.url().replace(/to=[^&]*/, 'to='));
	await p.waitForSelector('.sharing-give:has-text("For myself"), .sharing-give');
	await p.click('.matrix button:has-text("For myself")');
	await p.waitForSelector('.sharing-give h2:has-text("For myself")');
	const [file] = await Promise.all([p.waitForEvent('download'), p.click('.sharing-give .main')]);
	const bundle = JSON.parse(readFileSync(await file.path(), 'utf8'));
	ok('STIX is exported', bundle.type === 'bundle' && bundle.objects.length > 3, bundle.type);
	await p.goto(p.url().replace(/\/sharing.*/, '/sharing?tab=refused'));
	await p.waitForSelector('.sharing-event');
	ok('the refusal stands in the log', /outsider\.example/.test(await p.textContent('.sharing-event')));
	await axe(p, 'refused before');
	await p.goto(p.url().replace('refused', 'left'));
	await p.waitForSelector('.sharing-event');
	ok('what left stands in the log', /stix/.test(await p.textContent('.sharing-event')));

	const small = await page(`/sharing?incidents=${data.incident}&to=registrar.example`, { width: 360, theme: 'dark' });
	await small.waitForSelector('.lattice');
	await axe(small, 'sharing, small and dark');
	await steady(small, 'sharing');
}
