// SPDX-License-Identifier: GPL-3.0-or-later
/* jobs.mjs - a capture and a zone are sent through the page and worked on; what is no
 * capture is said so; a finding is judged again by the server. */
import { join } from 'node:path';

export const wants = { plain: true, empty: true };

export default async function ({ s, page, ok }) {
	const p = await page('/jobs');

	await p.waitForSelector('.jobs .empty');
	await p.setInputFiles('.jobs input[type=file]', join(s.folder, 'demo.pcap'));
	await p.waitForSelector('dialog[open] [name=kind]');
	ok('the name of a file says what it is', await p.inputValue('dialog [name=kind]') === 'capture');
	await p.getByRole('button', { name: /^Send/ }).click();
	await p.waitForSelector('.job .chip-good', { timeout: 60000 });
	const found = await p.locator('.job a').first().textContent();
	ok('a capture is sent and read', /^6 findings/.test(found), found);
	await p.locator('.job a').first().click();
	await p.waitForFunction(() => document.querySelectorAll('.table tbody tr:not(.space)').length === 6);
	ok('  and its findings are a click away', new URL(p.url()).searchParams.get('run') !== null);

	await p.keyboard.press('j');
	await p.keyboard.press('Enter');
	await p.waitForSelector('.bytes');
	await p.getByRole('button', { name: 'Judge again' }).click();
	await p.waitForSelector('dialog[open] .chip', { timeout: 60000 });
	ok('a finding is judged again by the server', (await p.textContent('dialog[open] .chip')) === 'The same verdict');
	await p.keyboard.press('Escape');

	await p.goto(s.url + '/jobs');
	await p.setInputFiles('.jobs input[type=file]', { name: 'small.zone', mimeType: 'text/plain',
		buffer: Buffer.from('$ORIGIN small.example.\n$TTL 60\n@ SOA ns1 a 1 7200 3600 1209600 60\n@ NS ns1\nwww CNAME nowhere\nwww A 192.0.2.3\n') });
	await p.getByRole('button', { name: /^Send/ }).click();
	await p.waitForFunction(() => document.querySelectorAll('.job .chip-good').length === 2, null, { timeout: 60000 });
	ok('a zone is sent and audited', true);
	await p.setInputFiles('.jobs input[type=file]', { name: 'no.pcap', mimeType: 'text/plain', buffer: Buffer.from('this is no capture at all') });
	await p.getByRole('button', { name: /^Send/ }).click();
	await p.waitForFunction(() => document.querySelectorAll('.job').length === 3 && !document.querySelector('.job progress'), null, { timeout: 60000 });
	ok('what is no capture is said so', await p.locator('.job').first().evaluate((e) => /capture|read|pcap/i.test(e.textContent)), await p.locator('.job').first().textContent());
}
