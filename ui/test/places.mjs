// SPDX-License-Identifier: GPL-3.0-or-later
/* places.mjs - the places of the page that tests go to: pictures of each, axe on each.
 *
 * To add one: a row. `path` may be made of what fillDesk() put into the store; `ready` is
 * there when the page has its data; `act` brings it into the state that is meant. */

/* Incidents of what was found, so that no page stands empty. */
export async function fillDesk(s) {
	const found = (await s.api.ask('GET', '/api/v1/findings?limit=50')).items;
	const tunnel = found.find((f) => f.rule.startsWith('tunnel')) ?? found[0];
	const grouped = await s.api.ask('POST', '/api/v1/incidents/group', {}).catch(() => null);
	const incidents = (await s.api.ask('GET', '/api/v1/incidents')).items;
	const first = incidents[0]?.number;

	if (first) {
		await s.api.ask('POST', `/api/v1/incidents/${first}/clock`, { set: 'nis2' }).catch(() => {});
		await s.api.ask('POST', `/api/v1/incidents/${first}/state`, { state: 'triaged' }).catch(() => {});
	}
	return { finding: tunnel, found, incident: first, grouped };
}

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
		{ name: 'nowhere', path: '/no/such/place', ready: '.empty' },
		{ name: 'keys', path: '/findings', ready: '.table tbody tr', act: (p) => p.keyboard.press('?') },
		{ name: 'account', path: '/findings', ready: '.table tbody tr', act: (p) => p.click('.top .menu-button') },
	];
}
