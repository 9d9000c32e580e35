// SPDX-License-Identifier: GPL-3.0-or-later
/* places.mjs - the places of the page that tests go to: pictures of each, axe on each.
 *
 * To add one: a row. `path` may be made of what fillDesk() put into the store; `ready` is
 * there when the page has its data; `act` brings it into the state that is meant. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedZone } from './shared-zone.mjs';

/* Incidents of what was found, so that no page stands empty. */
export async function fillDesk(s) {
	const found = (await s.api.ask('GET', '/api/v1/findings?limit=50')).items;
	const tunnel = found.find((f) => f.rule.startsWith('tunnel')) ?? found[0];
	const grouped = await s.api.ask('POST', '/api/v1/incidents/group', {}).catch(() => null);
	const incidents = (await s.api.ask('GET', '/api/v1/incidents')).items;
	const first = (incidents.find((i) => i.subject === tunnel?.subject) ?? incidents[0])?.number;

	const change = async (number, what, body) => s.api.ask('POST', `/api/v1/incidents/${number}/${what}`,
		{ ...body, version: (await s.api.ask('GET', `/api/v1/incidents/${number}`)).version }).catch(() => {});

	/* one that is late with everything, and one whose clocks run */
	const late = incidents.find((i) => i.number !== first)?.number;
	if (late)
		await change(late, 'clock', { set: 'nis2', aware: new Date(Date.now() - 4 * 86400000).toISOString().slice(0, 19) + 'Z' });
	if (first) {
		await change(first, 'clock', { set: 'nis2' });
		await change(first, 'state', { state: 'triaged' });
	}
	/* two who may have different things, and reports of three weights */
	s.run('contacts', 'add', 'registrar.example', '--db', 'a.db', '--name', 'Example registrar', '--role', 'registrar', '--covers', '.',
		'--mail', 'abuse@registrar.example', '--cleared', 'TLP:AMBER PAP:AMBER', '--languages', 'es');
	s.run('contacts', 'add', 'outsider.example', '--db', 'a.db', '--name', 'Outside CERT', '--role', 'cert', '--covers', '.',
		'--mail', 'team@outsider.example', '--cleared', 'TLP:CLEAR PAP:CLEAR', '--languages', 'en');
	s.run('contacts', 'add', 'cert.example', '--db', 'a.db', '--name', 'CERT of Example', '--role', 'cert', '--covers', 'shop.example',
		'--mail', 'team@cert.example', '--phone', '+34 910 000 000', '--cleared', 'TLP:AMBER+STRICT PAP:AMBER', '--languages', 'es en',
		'--hours', 'Mon-Fri 09:00-17:00 Europe/Madrid');
	await trust(s);
	for (const body of [
		{ subject: tunnel?.subject ?? 'shop.example', abuse: 'malware', url: 'http://shop.example/login', seen: new Date().toISOString(), sender: 'ana@watch.example', title: 'malware', text: 'seen today' },
		{ subject: 'parcel.example', abuse: 'phishing', url: 'http://parcel.example/pay', sender: 'bo@mail.example', title: 'phishing' },
		{ subject: '10.255.28.103', sender: 'cy@mail.example', text: 'attack!!' }])
		await s.api.ask('POST', '/api/v1/reports', body).catch(() => {});
	return { finding: tunnel, found, incident: first, late, grouped };
}

/* We vouch for a CERT, and the CERT at its own desk for a bank: a path of two steps. */
async function trust(s) {
	const keys = {};
	const theirs = join(s.folder, 'theirs.db');

	for (const who of ['cert.example', 'bank.example'])
		keys[who] = s.run('log', 'key', who + '.key').trim();
	await s.api.ask('POST', '/api/v1/contacts/cert.example/addresses', { channel: 'key', value: keys['cert.example'] });
	await s.api.ask('POST', '/api/v1/contacts/cert.example/vouch', { until: '2030-01-01T00:00:00Z' });
	s.run('contacts', 'add', 'bank.example', '--db', 'a.db', '--name', 'A bank', '--role', 'team', '--covers', 'bank.example', '--public-key', keys['bank.example']);
	for (const who of Object.keys(keys))
		s.run('contacts', 'add', who, '--db', theirs, '--name', who, '--public-key', keys[who]);
	const statement = s.run('contacts', 'vouch', 'bank.example', '--db', theirs, '--key', 'cert.example.key');
	await s.api.ask('POST', '/api/v1/vouches', { statement });
}

/* A zone that was audited twice, with what changed between; its findings are more than other
 * flows count with. */
export function auditZone(s, data) {
	const zone = sharedZone();

	writeFileSync(join(s.folder, 'shared.zone'), zone);
	writeFileSync(join(s.folder, 'later.zone'), `${zone.replace('@ NS ns1', '@ NS ns1\nwww CNAME nowhere\nwww A 192.0.2.9').replace(/^d11[0-9] NS .*\n/gm, '')}`);
	writeFileSync(join(s.folder, 'asn.csv'), ['198.51.0.0,198.51.0.255,64500,One Network', '198.51.1.0,198.51.1.255,64501,Two Networks',
		'198.51.2.0,198.51.2.255,64502,A Third One'].join('\n') + '\n');
	for (const [file, at] of [['shared.zone', '20260101'], ['later.zone', '20260201']])
		s.run('verify', 'zone', file, '--at', at, '--asn', 'asn.csv', '--db', 'a.db');
	data.zone = true;
}
const zonePlaces = [
	{ name: 'zones', path: '/zones', ready: '.table tbody tr' },
	{ name: 'zone', path: '/zones/shared.example', ready: '.fate' },
	{ name: 'zone-without', path: '/zones/shared.example', ready: '.fate', act: async (p) => { await p.locator('.fate-node').first().click(); await p.waitForSelector('.fate-node.lost'); } },
];

export function places(data) {
	return [
		{ name: 'sign-in', path: '/', open: true, ready: 'input[name=password]' },
		{ name: 'overview', path: '/', ready: '.areas' },
		{ name: 'findings', path: '/findings', ready: '.table tbody tr' },
		{ name: 'findings-picked', path: '/findings', ready: '.table tbody tr',
		  act: async (p) => { for (const k of ['j', 'x', 'j', 'x', 'j']) await p.keyboard.press(k); } },
		{ name: 'findings-none', path: '/findings?text=nothing-is-called-so', ready: '.empty' },
		{ name: 'finding', path: '/findings/' + data.finding.id, ready: '.bytes' },
		{ name: 'finding-low', path: '/findings/' + data.finding.id, ready: '.bytes',
		  act: async (p) => { await p.locator('.byte-field').nth(6).click(); await p.locator('.message').scrollIntoViewIfNeeded(); } },
		{ name: 'incidents', path: '/incidents', ready: '.case' },
		{ name: 'incidents-list', path: '/incidents?view=list', ready: '.table tbody tr' },
		{ name: 'incidents-group', path: '/incidents?do=group', ready: 'dialog .empty, dialog .table' },
		{ name: 'incidents-new', path: '/incidents?do=new', ready: 'dialog form' },
		{ name: 'incident', path: '/incidents/' + data.incident, ready: '.timeline li' },
		{ name: 'incident-late', path: '/incidents/' + data.late, ready: '.clock .chip-bad' },
		{ name: 'incident-state', path: '/incidents/' + data.incident, ready: '.timeline li', act: (p) => p.keyboard.press('s') },
		{ name: 'incident-notify', path: '/incidents/' + data.incident, ready: '.timeline li',
		  act: async (p) => { await p.keyboard.press('w'); await p.locator('dialog .notify input[type=radio]').first().click(); await p.waitForSelector('.letter, .refused'); } },
		{ name: 'inbox', path: '/inbox', ready: '.heap' },
		{ name: 'inbox-list', path: '/inbox?view=list', ready: '.table tbody tr' },
		{ name: 'report', path: '/inbox/1', ready: '.weights' },
		{ name: 'subject', path: '/subjects/domain/' + data.finding.subject, ready: '.subject-page .rows' },
		{ name: 'subject-address', path: '/subjects/address/203.0.113.7', ready: '.subject-page .rows' },
		{ name: 'subject-none', path: '/subjects/domain/nobody.example', ready: '.empty' },
		{ name: 'contacts', path: '/contacts', ready: '.table tbody tr' },
		{ name: 'contacts-act', path: '/contacts?view=act&about=shop.example', ready: '.acting .reach' },
		{ name: 'contacts-new', path: '/contacts', ready: '.table tbody tr', act: async (p) => { await p.keyboard.press('n'); await p.waitForSelector('dialog form'); } },
		{ name: 'contact', path: '/contacts/cert.example', ready: '.address' },
		{ name: 'contact-trust', path: '/contacts/bank.example', ready: '.trust-end' },
		{ name: 'contact-drill', path: '/contacts/cert.example', ready: '.address', act: async (p) => { await p.keyboard.press('d'); await p.waitForSelector('.letter, .form-fault'); } },
		{ name: 'sharing', path: `/sharing?incidents=${data.incident}&to=registrar.example`, ready: '.lattice' },
		{ name: 'sharing-none', path: '/sharing', ready: '.empty' },
		{ name: 'sharing-refused', path: `/sharing?incidents=${data.incident}&to=outsider.example`, ready: '.lattice', act: async (p) => { await p.click('.sharing-give .main'); await p.waitForSelector('.refused'); } },
		{ name: 'sharing-log', path: '/sharing?tab=refused', ready: '.sharing-event, .empty' },
		...(data.zone ? zonePlaces : []),
		{ name: 'settings', path: '/settings', ready: '.tabs' },
		{ name: 'settings-users', path: '/settings/users', ready: '.table tbody tr' },
		{ name: 'settings-user-new', path: '/settings/users', ready: '.table tbody tr', act: (p) => p.locator('.box-head button').click() },
		{ name: 'settings-tokens', path: '/settings/tokens', ready: '.box' },
		{ name: 'settings-mutes', path: '/settings/mutes', ready: '.box' },
		{ name: 'settings-rules', path: '/settings/rules', ready: '.box' },
		{ name: 'settings-clocks', path: '/settings/clocks', ready: '.clock' },
		{ name: 'settings-playbooks', path: '/settings/playbooks', ready: '.entries details' },
		{ name: 'settings-options', path: '/settings/options', ready: '.option' },
		{ name: 'jobs', path: '/jobs', ready: '.jobs .empty, .job' },
		{ name: 'jobs-ask', path: '/jobs', ready: '.jobs .empty, .job', act: async (p) => {
			await p.setInputFiles('.jobs input[type=file]', { name: 'night.pcap.gz', mimeType: 'application/gzip', buffer: Buffer.alloc(2000) });
			await p.waitForSelector('dialog[open]'); } },
		{ name: 'nowhere', path: '/no/such/place', ready: '.empty' },
		{ name: 'keys', path: '/findings', ready: '.table tbody tr', act: (p) => p.keyboard.press('?') },
		{ name: 'account', path: '/findings', ready: '.table tbody tr', act: (p) => p.click('.top .menu-button') },
	];
}
