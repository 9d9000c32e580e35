// SPDX-License-Identifier: GPL-3.0-or-later
/* reach.mjs - who uses no mouse, a page twice as large, or wants nothing to move: from signing
 * in to a note in an incident by keys alone; every place at 200 %; no animation runs. */
import { ownPassword } from '../server.mjs';
import { auditZone, places } from '../places.mjs';

/* Tab until something fits that has the focus; null when it never does. */
async function tabTo(p, fits, most = 80) {
	for (let i = 0; i < most; i++) {
		await p.keyboard.press('Tab');
		if (await p.evaluate(fits))
			return i;
	}
	return null;
}
const focused = (p) => p.evaluate(() => {
	const e = document.activeElement, s = getComputedStyle(e);

	return { tag: e.tagName, seen: e.matches(':focus-visible') && (s.outlineStyle !== 'none' || s.boxShadow !== 'none' ||
		[...e.children].some((c) => getComputedStyle(c).boxShadow !== 'none')) };
});

async function keysAlone({ page, ok, axe }) {
	const p = await page('/findings', { signedIn: false });

	await p.waitForSelector('[name=login]');
	await new Promise((done) => setTimeout(done, 1200));	// so many sign-ins a second
	await p.keyboard.type('admin');
	await p.keyboard.press('Tab');
	await p.keyboard.type(ownPassword);
	await p.keyboard.press('Enter');
	await p.waitForSelector('.table tbody tr');
	await p.keyboard.press('Tab');
	ok('the first Tab leads past the navigation', await p.evaluate(() => document.activeElement.classList.contains('skip')));
	ok('to a row by Tab', await tabTo(p, () => document.activeElement.tagName === 'TR') !== null);
	ok('  where the focus is seen', (await focused(p)).seen);
	for (let i = 0; i < 4; i++)	// the first that is in no incident
		await p.keyboard.press('ArrowDown');
	await p.keyboard.press('Space');
	await p.waitForSelector('.bulk');
	await p.keyboard.press('i');
	await p.waitForSelector('dialog[open]');
	ok('the focus is in the dialog', await p.evaluate(() => !!document.activeElement.closest('dialog')));
	await axe(p, 'an incident being made');
	ok('to joining one that is open', await tabTo(p, () => /open/.test(document.activeElement.textContent) && document.activeElement.hasAttribute('aria-pressed')) !== null);
	await p.keyboard.press('Space');
	ok('to the field that finds incidents', await tabTo(p, () => document.activeElement.getAttribute('role') === 'combobox', 5) !== null);
	await p.keyboard.press('ArrowDown');
	await p.waitForSelector('.pick-list [role=option]');
	await axe(p, 'an incident being picked');
	await p.keyboard.type('relay');
	await p.waitForFunction(() => document.querySelectorAll('.pick-list [role=option]').length === 1);
	ok('what is typed finds it', true);
	await p.keyboard.press('Escape');
	ok('Escape shuts the list and leaves the dialog', await p.locator('.pick-list').count() === 0 && await p.locator('dialog[open]').count() === 1);
	await p.keyboard.press('ArrowDown');
	await p.keyboard.press('Enter');
	ok('Enter picks it', /relay/.test(await p.inputValue('[role=combobox]')), await p.inputValue('[role=combobox]'));
	await p.keyboard.press('Escape');
	await p.waitForFunction(() => !document.querySelector('dialog[open]'));
	ok('Escape closes the dialog; the focus goes back', await p.evaluate(() => document.activeElement !== document.body));
	await p.keyboard.press('g');
	await p.keyboard.press('i');
	await p.waitForSelector('.case');
	await p.keyboard.press('j');
	await p.keyboard.press('Enter');
	await p.waitForSelector('.timeline li');
	await p.keyboard.press('n');
	await p.keyboard.type('written without a mouse');
	await p.keyboard.press('Control+Enter');
	await p.waitForSelector('.timeline .note');
	ok('a note is written without a mouse', /without a mouse/.test(await p.textContent('.timeline .note')));
}

/* 1280 pixels at 200 % are 640. */
async function large({ s, data, open, ok, steady }) {
	const p = await open({ width: 640, height: 400 });

	for (const place of places(data).filter((x) => !x.open)) {
		await p.goto(s.url + place.path);
		await p.waitForSelector(place.ready, { timeout: 15000 });
		await place.act?.(p);
		await p.waitForTimeout(100);
		await steady(p, `${place.name}, 200 %`);
		const moving = await p.evaluate(() => document.getAnimations().filter((a) => a.playState === 'running').length);
		if (moving)
			ok(`${place.name}: nothing moves`, false, moving);
		const lost = await p.evaluate(() => {
			const d = document.querySelector('dialog[open] .dialog-box');
			const b = d?.querySelector('.form-end')?.getBoundingClientRect();

			d?.scrollTo(0, d.scrollHeight);
			const now = d?.querySelector('.form-end')?.getBoundingClientRect();
			return !!b && (now.bottom > innerHeight || now.top < 0);
		});
		if (lost)
			ok(`${place.name}, 200 %: what ends the dialog can be reached`, false);
	}
}

export default async function (d) {
	auditZone(d.s, d.data);
	await keysAlone(d);
	await large(d);
}
