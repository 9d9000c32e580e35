// SPDX-License-Identifier: GPL-3.0-or-later
/* zones.mjs - what falls when an operator is clicked away. */
import { auditZone } from '../places.mjs';

export default async function ({ s, data, page, ok, axe, steady }) {
	auditZone(s, data);
	const p = await page('/zones');

	await p.click('.table a:has-text("shared.example")');
	await p.waitForSelector('.fate');
	await axe(p, 'one zone');
	await p.locator('.fate-node').first().focus();
	await p.keyboard.press('Enter');
	await p.waitForSelector('.fate-node.lost');
	await p.waitForSelector('.fate-sum.ink-bad, .fate-sum.ink-due');
	const said = await p.textContent('.fate-sum');
	ok('without an operator delegations fall', Number(/\d+/.exec(said)?.[0]) > 0, said);
	await p.waitForFunction(() => decodeURIComponent(location.search).includes('without=operator'), null, { timeout: 5000 }).catch(() => {});
	ok('what is lost stands in the address', /without=operator/.test(decodeURIComponent(p.url())));
	await axe(p, 'one zone without an operator');
	await p.locator('.box-head button').first().click();
	await p.waitForFunction(() => !document.querySelector('.fate-node.lost'));
	ok('it can be put back', true);

	const small = await page('/zones/shared.example', { width: 360, theme: 'dark' });
	await small.waitForSelector('.fate');
	await axe(small, 'one zone, small and dark');
	await steady(small, 'one zone');
}
