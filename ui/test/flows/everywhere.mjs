// SPDX-License-Identifier: GPL-3.0-or-later
/* everywhere.mjs - every place of the page (places.mjs): axe-core in both themes, nothing
 * sticks out at 360 and 768 pixels and no column is squeezed to nothing, a heading, a title;
 * the size of the first load. */
import { places } from '../places.mjs';

async function walk({ s, data, open, ok, axe, steady }, theme, width) {
	const p = await open({ theme, width, height: width === 360 ? 740 : 800 });

	for (const place of places(data)) {
		if (place.open)
			continue;
		await p.goto(s.url + place.path);
		const there = !place.ready || await p.waitForSelector(place.ready, { timeout: 15000 }).then(() => true, () => false);
		if (!there) {
			ok(`${place.name}, ${theme}, ${width}: its content is there`, false, place.ready);
			continue;
		}
		try {
			await place.act?.(p);
		} catch (e) {
			ok(`${place.name}, ${theme}, ${width}: it comes into the state that is meant`, false, e.message.split('\n')[0]);
		}
		await p.waitForTimeout(150);
		await (width < 1000 ? steady : axe)(p, `${place.name}, ${theme}, ${width} px`);
		const squeezed = await p.evaluate(() => [...document.querySelectorAll('thead:not(.unseen) th')]
			.filter((h) => h.offsetParent && !h.closest('.unseen') && h.textContent.trim() && h.clientWidth < 48).map((h) => h.textContent));
		if (squeezed.length)
			ok(`${place.name}, ${width} px: each column has room`, false, squeezed);
		if (theme === 'light' && width > 1000)
			ok(`${place.name}: has a title`, / · Vedette$/.test(await p.title()));
	}
}

export default async function (d) {
	await walk(d, 'light', 1280);
	await walk(d, 'dark', 1280);
	await walk(d, 'light', 360);
	await walk(d, 'light', 768);
	const p = await d.open();
	let octets = 0;
	p.on('response', async (r) => {
		if (/\/p\/|\/$/.test(new URL(r.url()).pathname))
			octets += Number((await r.allHeaders())['content-length'] ?? 0);
	});
	await p.goto(d.s.url + '/');
	await p.waitForSelector('.areas');
	d.ok(`the first page is under 200 KB as it is sent (${Math.round(octets / 1024)} KB)`, octets > 0 && octets < 200 * 1024, octets);
	const ms = await p.evaluate(() => performance.getEntriesByType('navigation')[0].domInteractive);
	d.ok('  and there within a second', ms < 1000, ms);
}
