// SPDX-License-Identifier: GPL-3.0-or-later
/* strangers.mjs - what outsiders can fill: names of zones and hosts, titles, filters in the
 * address. Markup stays text, characters that hide or turn are shown, nothing runs, nothing
 * is loaded. flows.mjs fails on any dialog, script error or breach of the policy. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const wants = { plain: true };
const script = '<img src=x onerror=alert(1)><script>alert(2)</script>';
const turned = 'invoice\u202egpj.exe \u0007\u200b';

function zone(s) {
	/* owner names and targets with octets that DNS allows and nobody expects */
	writeFileSync(join(s.folder, 'bad.zone'), [
		'$ORIGIN strange.example.', '$TTL 3600', '@ SOA ns1 admin 1 7200 3600 1209600 3600', '@ NS ns1',
		'@ NS \\<img\\ src=x\\ onerror=alert\\(3\\)\\>.nowhere', 'ns1 A 192.0.2.1',
		'\\<script\\>alert\\(4\\)\\<\\/script\\> NS gone', '\\226\\128\\174gpj NS gone', '"quoted\\"name" CNAME \\000\\007',
	].join('\n') + '\n');
	s.run('verify', 'zone', 'bad.zone', '--db', 'a.db');
}

async function clean(p, ok, what) {
	const found = await p.evaluate(() => ({
		elements: document.querySelectorAll('img, iframe, object, embed, main script, [onerror], [onclick], [onload]').length,
		styles: document.querySelectorAll('main style').length,
		hidden: /[\u202a-\u202e\u2066-\u2069\u200b\u0007]/.test(document.body.innerText),
	}));
	ok(`${what}: no element of a stranger, nothing hidden`, !found.elements && !found.styles && !found.hidden, found);
}

export default async function ({ s, page, ok }) {
	zone(s);
	const p = await page('/findings?zone=strange.example.');
	await p.waitForSelector('.table tbody tr, .empty');
	await clean(p, ok, 'names of a zone in the list');
	const found = (await s.api.ask('GET', '/api/v1/findings?limit=200')).items.filter((f) => /strange|img|script|gpj/.test(f.subject + f.sentence));
	ok('  there are some', found.length > 0, found.length);
	for (const f of found.slice(0, 6)) {
		await p.goto(`${s.url}/findings/${f.id}`);
		await p.waitForSelector('h1 .name');
		await clean(p, ok, `a finding about ${f.rule}`);
	}

	const first = (await s.api.ask('GET', '/api/v1/findings?limit=1')).items[0];
	const { number } = await s.api.ask('POST', '/api/v1/incidents', { findings: [first.id], title: `${script} ${turned}`.slice(0, 150).replace(/\u0007/g, '') });
	await p.goto(`${s.url}/findings/${first.id}`);
	await p.getByText(`#${number}`).first().waitFor();
	ok('markup in a title is shown as text', (await p.locator('main').innerText()).includes('<script>alert(2)'));
	ok('  and what turns is made visible', (await p.locator('main').innerText()).includes('⟨202E⟩'));
	await clean(p, ok, 'a title');

	for (const path of [`/findings?text=${encodeURIComponent(script)}`, `/findings?related=${encodeURIComponent(turned)}`,
		`/findings?run=${encodeURIComponent(script)}`, `/${encodeURIComponent(script)}`, '/findings/%00', '/findings/%ff%fe',
		`/findings/${encodeURIComponent('../../api/v1/me')}`, '/findings?rule=' + 'x'.repeat(4000)]) {
		await p.goto(s.url + path);
		await p.waitForSelector('main .empty, main .fault, .table tbody tr', { timeout: 8000 }).catch(() => {});
		await clean(p, ok, `the address ${path.slice(0, 30)}`);
		ok('  is answered with a page', await p.locator('.rail').count() === 1);
	}
	const r = await fetch(s.url + '/');
	const policy = r.headers.get('content-security-policy');
	ok('the policy lets in nothing but our own', policy.includes("default-src 'none'") && !/unsafe|https?:|\*/.test(policy));
}
