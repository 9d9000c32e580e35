// SPDX-License-Identifier: GPL-3.0-or-later
/* signing-in.mjs - the first start: one-time password, one of one's own, codes, languages,
 * colours, signing out; and somebody with a lesser role. */
import { ownPassword } from '../server.mjs';
import { code } from './account.mjs';

export const wants = { fresh: true };

const pause = () => new Promise((done) => setTimeout(done, 1200));	// so many sign-ins a second

async function first({ s, page, ok, axe }) {
	const p = await page('/findings?severity=high', { signedIn: false });
	await p.waitForSelector('[name=password]');
	ok('who is nobody sees the gate alone', await p.locator('.rail').count() === 0);
	await axe(p, 'the gate');
	await p.fill('[name=login]', 'admin');
	await p.fill('[name=password]', 'not the right one');
	await p.keyboard.press('Enter');
	ok('a wrong password is said', (await p.textContent('.form-fault')).includes('wrong'));
	await pause();
	await p.fill('[name=password]', s.password);
	await p.keyboard.press('Enter');
	await p.waitForSelector('[name=again]');
	ok('the one-time password leads to one of one\'s own', true);
	await p.fill('[name=password]', ownPassword);
	await p.fill('[name=again]', ownPassword + 'x');
	await p.keyboard.press('Enter');
	ok('two that differ are said', (await p.textContent('.form-fault')).includes('not the same'));
	await pause();
	await p.fill('[name=again]', ownPassword);
	await p.keyboard.press('Enter');
	await p.waitForSelector('.table tbody tr');
	ok('then the page that was asked for is there', new URL(p.url()).search === '?severity=high');
	ok('  with the findings of the capture', await p.locator('.table tbody tr').count() >= 4);
	return p;
}

async function looks({ ok }, p) {
	await p.click('.top .menu-button');
	await p.getByRole('menuitemradio', { name: 'Español' }).click();
	await p.waitForFunction(() => document.documentElement.lang === 'es');
	ok('the language is switched', (await p.textContent('h1')).startsWith('Hallazgos'));
	await p.reload();
	await p.waitForSelector('.table tbody tr');
	await p.waitForFunction(() => document.documentElement.lang === 'es');
	ok('  and stays', (await p.textContent('h1')).startsWith('Hallazgos'));
	await p.goto(p.url().replace(/\/findings.*/, '/settings/options'));
	const workers = await p.locator('.option', { hasText: 'workers' }).first().textContent();
	ok('  options have their help in it', /hilos/.test(workers), workers);
	await p.goto(p.url().replace(/\/settings.*/, '/settings/playbooks'));
	const play = await p.locator('.columns').textContent();
	ok('  and playbooks, too', !/Find what runs/.test(play) && /registr/i.test(play), play.slice(0, 200));
	await p.goto(p.url().replace(/\/settings.*/, '/findings?severity=high'));
	await p.waitForSelector('.table tbody tr');
	await p.click('.top .menu-button');
	await p.getByRole('menuitemradio', { name: 'English' }).click();
	await p.click('.top .menu-button');
	await p.getByRole('menuitemradio', { name: 'Dark' }).click();
	ok('the colours are switched', await p.evaluate(() => getComputedStyle(document.body).backgroundColor !== 'rgb(246, 247, 249)' &&
		document.documentElement.dataset.theme === 'dark'));
	await p.click('.top .menu-button');
	await p.getByRole('menuitemradio', { name: 'UTC' }).click();
	ok('times are shown in UTC', (await p.textContent('.zone')) === 'UTC');
}

async function codes({ s, page, ok }) {
	await s.api.signIn('admin', ownPassword);
	const { uri } = await s.api.ask('POST', '/api/v1/me/totp', { step: 'begin', current: ownPassword });
	const secret = new URL(uri).searchParams.get('secret');
	await s.api.ask('POST', '/api/v1/me/totp', { step: 'confirm', code: code(secret, -1) });
	await pause();
	const p = await page('/', { signedIn: false });
	await p.fill('[name=login]', 'admin');
	await p.fill('[name=password]', ownPassword);
	await p.keyboard.press('Enter');
	await p.waitForSelector('[name=code]');
	ok('with codes set up, one is asked for', await p.locator('[name=code]').evaluate((e) => e === document.activeElement));
	await pause();
	await p.fill('[name=code]', code(secret));
	await p.keyboard.press('Enter');
	await p.waitForSelector('.rail');
	ok('  and opens', true);
	return p;
}

export default async function (d) {
	const { s, ok } = d;
	const p = await first(d);

	await looks(d, p);
	await pause();
	const q = await codes(d);
	await q.click('.top .menu-button');
	await q.getByRole('menuitem', { name: 'Sign out' }).click();
	await q.waitForSelector('[name=password]');
	ok('signing out leads to the gate', true);
	await q.goto(s.url + '/findings');
	await q.waitForSelector('[name=password]');
	ok('  and the session is gone', await q.locator('.rail').count() === 0);

	await pause();
	const { password } = await s.api.ask('POST', '/api/v1/users', { login: 'vera', role: 'viewer', tlp: 'TLP:GREEN', pap: 'PAP:GREEN' });
	await s.api.signIn('vera', password);
	await s.api.ask('POST', '/api/v1/users/vera/password', { password: ownPassword });
	await pause();
	await s.api.signIn('vera', ownPassword);
	const v = await d.page('/findings');
	await v.waitForSelector('.empty');
	ok('a lesser clearance sees none of what is AMBER', (await v.textContent('.empty')).includes('you may see'));
	await v.keyboard.press('x');
	ok('  and a viewer has no bulk actions', await v.locator('.bulk').count() === 0);
}
