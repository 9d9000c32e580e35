// SPDX-License-Identifier: GPL-3.0-or-later
/* trouble.mjs - what goes wrong while somebody works: the session ends over a half-written
 * note, the server goes and comes back, this computer's clock is wrong, a colleague changes
 * what is being looked at; the way back, and every place loaded again. */
import { ownPassword } from '../server.mjs';
import { auditZone, places } from '../places.mjs';

const pause = () => new Promise((done) => setTimeout(done, 1200));	// so many sign-ins a second
const NOTE = 'half of a thought that took an hour';

async function sessionEnds({ s, data, page, ok, axe }) {
	await pause();
	await s.api.signIn('admin', ownPassword);
	const p = await page('/incidents/' + data.incident);

	await p.waitForSelector('.timeline li');
	await p.fill('.note-form textarea', NOTE);
	await p.getByRole('button', { name: 'Add findings' }).click();
	await p.locator('dialog .choice input').first().check();
	await p.context().clearCookies();
	await p.locator('dialog button[type=submit]').click();
	const gate = p.getByRole('dialog', { name: 'Your session has ended' });
	await gate.waitFor();
	ok('a session that ended is said over the page', await gate.getByLabel('Login').inputValue() === 'admin');
	await axe(p, 'signing in again');
	await p.keyboard.press('Escape');
	await p.keyboard.press('Escape');
	await gate.waitFor();
	ok('  and is not got rid of by Escape', true);
	await pause();
	await gate.getByLabel('Password').fill(ownPassword);
	await p.keyboard.press('Enter');
	await gate.waitFor({ state: 'detached' });
	ok('  what was chosen is still there', await p.locator('dialog .choice input:checked').count() === 1);
	await p.locator('dialog button[type=submit]').click();
	await p.locator('.toast', { hasText: 'added' }).waitFor();
	ok('  and is done by the new session', true);
	ok('  what was typed, too', await p.inputValue('.note-form textarea') === NOTE);
	await p.locator('.note-form textarea').press('Control+Enter');
	await p.locator('.timeline .note', { hasText: NOTE }).waitFor();
	await p.waitForSelector('.live-live');
	ok('  and what happens is live again', true);
}

async function someoneElse({ s, data, page, ok }) {
	const made = await s.api.ask('POST', '/api/v1/users', { login: 'bo', role: 'lead', tlp: 'TLP:RED', pap: 'PAP:RED' });
	const bo = new s.api.constructor(s.url);

	await bo.signIn('bo', made.password);
	await bo.ask('POST', '/api/v1/users/bo/password', { password: 'eleven blue kettles' });
	const p = await page('/incidents/' + data.incident);
	await p.waitForSelector('.timeline li');
	await p.fill('.note-form textarea', 'not for others');
	await p.context().clearCookies();
	await p.locator('.note-form button[type=submit]').click({ timeout: 2000 }).catch(() => { /* the gate was there before */ });
	const gate = p.getByRole('dialog', { name: 'Your session has ended' });
	await gate.waitFor();
	await pause();
	await gate.getByLabel('Login').fill('bo');
	await gate.getByLabel('Password').fill('eleven blue kettles');
	await p.keyboard.press('Enter');
	await gate.waitFor({ state: 'detached' });
	await p.waitForSelector('.timeline li');
	ok('somebody else who signs in finds nothing that was typed', await p.inputValue('.note-form textarea') === '');
}

async function serverGoes({ s, data, page, ok }) {
	const p = await page('/incidents/' + data.incident);

	await p.waitForSelector('.live-live');
	await p.fill('.note-form textarea', NOTE);
	await p.keyboard.press('Escape');
	await p.locator('h1').click();
	await p.keyboard.press('t');
	await p.locator('dialog').getByLabel('TLP').selectOption('TLP:RED');
	await s.away();
	await p.locator('dialog button[type=submit]').click();
	await p.locator('dialog .form-fault', { hasText: 'cannot be reached' }).waitFor();
	await p.waitForSelector('.live-connecting');
	ok('a server that is gone is said, in the dialog and above', true);
	await p.waitForTimeout(2500);
	ok('  the page stays', await p.locator('.incident-grid').count() === 1 && await p.locator('dialog[open]').count() === 1);
	await s.back();
	await p.waitForSelector('.live-live', { timeout: 45000 });
	await p.locator('dialog button[type=submit]').click();
	await p.waitForFunction(() => !document.querySelector('dialog[open]'));
	await p.locator('.incident-head .tlp', { hasText: 'TLP:RED' }).waitFor();
	ok('  when it is back, the same button does it', true);
	ok('  and what was typed is still there', await p.inputValue('.note-form textarea') === NOTE);
	await s.away();
	await p.evaluate(() => document.querySelector('.rail a[href="/zones"]').click());
	await p.locator('.fault', { hasText: 'does not answer' }).waitFor();
	await s.back();
	await p.locator('.page h1, .page .empty').first().waitFor({ timeout: 45000 });
	ok('  a page that could not be fetched comes by itself, or by "Try again"', true);
}

/* This computer is an hour ahead of the server. */
async function wrongClock({ s, data, open, ok }) {
	await s.api.ask('POST', `/api/v1/incidents/${data.incident}/clock`, { set: 'nis2', aware: new Date().toISOString().slice(0, 19) + 'Z',
		version: (await s.api.ask('GET', `/api/v1/incidents/${data.incident}`)).version });
	const p = await open();
	await p.addInitScript(() => {
		const real = Date.now.bind(Date);

		Date.now = () => real() + 3600000;
	});
	await p.goto(`${s.url}/incidents/${data.incident}`);
	await p.waitForSelector('.clock .chip');
	await p.locator('.clock .chip', { hasText: 'due in 23h' }).first().waitFor();
	ok('deadlines are the server\'s where the computer\'s clock is wrong', true);
	ok('  and that is said', /1h ahead/.test(await p.getAttribute('.top button.zone', 'title')), await p.getAttribute('.top button.zone', 'title'));
	const at = await p.locator('.clock time').first().textContent();
	await p.keyboard.press('U');
	await p.waitForFunction(() => document.querySelector('.top button.zone').textContent === 'UTC');
	ok('one key shows times in UTC', await p.locator('.clock time').first().textContent() !== at);
	await p.keyboard.press('U');
}

/* Somebody works on what one is looking at. */
async function colleague({ s, data, page, ok }) {
	const p = await page('/incidents/' + data.incident);

	let come;
	const people = new Promise((done) => { come = done; });

	await p.route('**/api/v1/people?*', async (asked) => { await people; await asked.continue(); });
	await p.waitForSelector('.timeline li');
	await p.keyboard.press('a');
	await p.locator('dialog [role=combobox]:focus').waitFor();
	const first = await p.inputValue('dialog [role=combobox]');
	come();
	await p.waitForFunction((was) => document.querySelector('dialog [role=combobox]').value !== was, first);
	await p.keyboard.type('ad');
	ok('what is typed replaces a name that came late', await p.inputValue('dialog [role=combobox]') === 'ad', await p.inputValue('dialog [role=combobox]'));
	await p.locator('.pick-list [role=option]').waitFor();
	await s.api.ask('POST', `/api/v1/incidents/${data.incident}/notes`, { text: 'meanwhile' });
	await p.locator('.timeline .note', { hasText: 'meanwhile' }).waitFor();
	ok('what a colleague does is shown under an open dialog', await p.inputValue('dialog [role=combobox]') === 'ad' &&
		await p.locator('.pick-list [role=option]').count() === 1);
	await p.mouse.move(640, 120);
	await p.mouse.down();
	await p.mouse.up();
	ok('a click beside does not throw away what was typed', await p.locator('dialog[open]').count() === 1);
	await p.keyboard.press('Escape');
	await p.keyboard.press('Escape');
	await p.waitForFunction(() => !document.querySelector('dialog[open]'));
}

async function wayBack({ page, ok }) {
	const p = await page('/findings?order=subject');
	const top = () => p.evaluate(() => document.querySelector('.table-box.fill').scrollTop);

	await p.setViewportSize({ width: 1280, height: 300 });
	await p.waitForSelector('.table tbody tr[data-at]');
	await p.keyboard.press('G');
	await p.waitForFunction(() => document.querySelector('.table-box.fill').scrollTop > 0);
	const was = await top();
	await p.keyboard.press('Enter');
	await p.waitForSelector('.finding-head');
	await p.goBack();
	await p.waitForSelector('.table tbody tr.at');
	ok('the way back leads to the row that one came from', Math.abs(await top() - was) < 2, [await top(), was]);
	await p.keyboard.press('k');
	ok('  and goes on from there', await p.evaluate(() => document.activeElement.tagName === 'TR' && Number(document.activeElement.dataset.at) > 0));
}

async function again({ s, data, open, ok }) {
	const p = await open();
	const missing = [];

	for (const place of places(data).filter((x) => !x.open && !x.act)) {
		await p.goto(s.url + place.path);
		await p.waitForSelector(place.ready);
		await p.reload();
		await p.waitForSelector(place.ready).catch(() => missing.push(place.name));
	}
	ok('every place is there when it is loaded again', missing.length === 0, missing);
}

export default async function (d) {
	auditZone(d.s, d.data);
	await sessionEnds(d);
	await someoneElse(d);
	await pause();
	await d.s.api.signIn('admin', ownPassword);
	await serverGoes(d);
	await wrongClock(d);
	await colleague(d);
	await wayBack(d);
	await again(d);
}
