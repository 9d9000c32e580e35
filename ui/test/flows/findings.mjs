// SPDX-License-Identifier: GPL-3.0-or-later
/* findings.mjs - looking for something, by mouse and by keyboard alone; one finding, its
 * octets, its pack; an incident made of two; what comes in meanwhile. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const wants = { plain: true };

const rows = (p) => p.locator('.table tbody tr:not(.space)');
const count = async (p, n) => { await p.waitForFunction((n) => document.querySelectorAll('.table tbody tr:not(.space)').length === n, n); return true; };
/* The address follows what is typed a moment later. */
const stands = (p, name, value) => p.waitForFunction(([n, v]) => new URLSearchParams(location.search).get(n) === v, [name, value], { timeout: 5000 })
	.then(() => true, () => false);

async function filtering({ ok }, p) {
	await p.keyboard.press('/');
	await p.keyboard.type('relay');
	ok('typing narrows the list', await count(p, 1) && (await rows(p).first().textContent()).includes('invented-relay.net'));
	ok('  and the address says so', await stands(p, 'text', 'relay'));
	await p.keyboard.press('Escape');
	ok('Escape empties the filter', await count(p, 6));
	await p.keyboard.press('Escape');
	await p.getByRole('button', { name: /^Availability/ }).click();
	ok('a facet narrows it', await count(p, 3));
	await p.goBack();
	ok('the way back takes it away', await count(p, 6));
	await p.getByRole('button', { name: /^Subject/ }).click();
	await p.waitForFunction(() => document.querySelector('.table tbody tr .name').textContent.startsWith('192'));
	ok('a head sorts', await p.locator('th[aria-sort=ascending]').count() === 1);
	await p.goto(p.url().split('?')[0] + '?text=relay');
	await count(p, 1);
	await p.click('.tools .menu-button');
	await p.getByRole('menuitem', { name: 'Save this filter' }).click();
	await p.fill('dialog[open] [name=name]', 'relays');
	await p.keyboard.press('Enter');
	await p.waitForSelector('.toast');
	await p.goto(p.url().split('?')[0]);
	await count(p, 6);
	await p.click('.tools .menu-button');
	await p.getByRole('menuitem', { name: 'relays' }).click();
	ok('a filter that was saved comes back', await count(p, 1));
}

async function one({ s, ok }, p) {
	await p.goto(s.url + '/findings?text=relay');
	await count(p, 1);
	await p.keyboard.press('j');
	await p.keyboard.press('Enter');
	await p.waitForSelector('.bytes');
	ok('Enter opens the finding', (await p.textContent('h1')).includes('invented-relay.net'));
	ok('  it says what was measured against what', await p.locator('.features tbody tr').count() >= 5 &&
		await p.locator('.gauge').count() >= 5);
	ok('  what it is and who can act', await p.getByText('Who can act').count() === 1 && await p.getByText('What to do').count() === 1);
	const field = p.locator('.byte-field', { hasText: /^ID/ }).first();
	await field.click();
	ok('a field lights its octets', (await p.locator('.hex-octets .lit').count()) === 2);
	await p.locator('.messages').focus();
	await p.keyboard.press('ArrowDown');
	ok('arrows choose the message', await p.locator('.message-row[aria-selected=true]').evaluate((e) => [...e.parentElement.children].indexOf(e)) === 1);
	const [download] = await Promise.all([p.waitForEvent('download'), p.getByRole('link', { name: 'Evidence pack' }).click()]);
	const pack = join(s.folder, 'one.vedette');
	await download.saveAs(pack);
	ok('the pack is judged again by the program', /same|again|reached/i.test(s.run('replay', pack)), s.run('replay', pack).slice(0, 200));
	await p.keyboard.press('u');
	await count(p, 1);
	ok('u goes back to the list as it was', await stands(p, 'text', 'relay'));
}

async function incident({ s, ok }, p) {
	await p.goto(s.url + '/findings');
	await count(p, 6);
	for (const key of ['j', 'x', 'j', 'x', 'i'])
		await p.keyboard.press(key);
	await p.waitForSelector('dialog[open] [name=title]');
	await p.fill('dialog [name=title]', 'Two at <b>once</b> \u202egpj');
	await p.fill('dialog [name=reason]', 'seen on the same night');
	await p.keyboard.press('Enter');
	await p.waitForSelector('.toast a', { timeout: 5000 }).catch(async () => { throw new Error(await p.textContent('dialog[open]')); });
	const number = Number((await p.getAttribute('.toast a', 'href')).split('/').pop());
	const made = (await s.api.ask('GET', `/api/v1/incidents/${number}/whole`));
	ok('two findings become an incident, by keyboard alone', made.members.length === 2 && made.incident.title.startsWith('Two at <b>'));
	ok('  and nothing is selected any more', await p.locator('.bulk').count() === 0);
}

async function exported({ ok }, p) {
	await p.keyboard.press('x');
	await p.keyboard.press('e');
	const [download] = await Promise.all([p.waitForEvent('download'), p.getByRole('button', { name: 'CSV' }).click()]);
	const chunks = [];
	for await (const c of await download.createReadStream())
		chunks.push(c);
	const text = Buffer.concat(chunks).toString();
	ok('an export bears the labels', text.startsWith('tlp,pap,') && /\r\n"TLP:AMBER"/.test(text));
	await p.keyboard.press('Escape');
}

/* A zone that is read while somebody looks. */
async function live({ s, ok }, p) {
	await p.goto(s.url + '/findings');
	await count(p, 6);
	await p.waitForSelector('.live-live');
	writeFileSync(join(s.folder, 'z.zone'), '$ORIGIN live.example.\n$TTL 3600\n@ SOA ns1 admin 1 7200 3600 1209600 3600\n@ NS ns1\n@ NS ns2.gone\nns1 A 192.0.2.1\nwww CNAME nowhere\n');
	s.run('verify', 'zone', 'z.zone', '--db', 'a.db');
	await p.waitForFunction(() => document.querySelectorAll('.table tbody tr:not(.space)').length > 6);
	ok('what is found meanwhile comes in by itself', true);
}

export default async function (d) {
	const p = await d.page('/findings');

	await count(p, 6);
	await filtering(d, p);
	await one(d, p);
	await incident(d, p);
	await exported(d, p);
	await live(d, p);
}
