// SPDX-License-Identifier: GPL-3.0-or-later
/* contacts.mjs - somebody who can act is added, changed and found by what they cover. */
export default async function ({ page, ok, axe, steady }) {
	const p = await page('/contacts');

	await p.waitForSelector('.table tbody tr');
	await p.keyboard.press('n');
	await p.fill('dialog input[name=id]', 'host-1.example');
	await p.fill('dialog input[name=name]', 'Host <b>one</b>');
	await p.fill('dialog input[name=value]', 'abuse@host-1.example');
	await p.fill('dialog input[name=roles]', 'host abuse');
	await p.fill('dialog input[name=covers]', '192.0.2.0/24 AS64500');
	await axe(p, 'a new contact');
	await p.click('dialog button[type=submit]');
	await p.waitForURL('**/contacts/host-1.example');
	await p.waitForSelector('.address');
	ok('what was told of a contact stands there', /Host <b>one<\/b>/.test(await p.textContent('h1')) &&
		/abuse@host-1\.example/.test(await p.textContent('.address')));
	await axe(p, 'one contact');
	await p.keyboard.press('e');
	await p.fill('dialog input[name=hours]', 'Mon-Fri 08:00-16:00 Europe/Paris');
	await p.click('dialog button[type=submit]');
	await p.waitForSelector('text=Europe/Paris');
	ok('only what was changed has changed', /192\.0\.2\.0\/24/.test(await p.textContent('.facts')));
	await p.goto(p.url().replace(/\/contacts.*/, '/contacts?view=act&about=192.0.2.7'));
	await p.waitForSelector('.acting-step');
	ok('who covers an address is found', /Host <b>one/.test(await p.textContent('.acting')));
	await axe(p, 'who can act');

	await p.goto(p.url().replace(/\/contacts.*/, '/contacts/bank.example'));
	await p.waitForSelector('.trust-end');
	ok('the path of trust leads over the CERT', /our key.*cert\.example.*bank\.example/s.test(await p.textContent('.trust')));
	await p.getByRole('button', { name: 'Take in a vouch' }).click();
	await p.locator('dialog textarea').fill('by: cert.example\nsigned by nobody');
	await axe(p, 'a vouch being taken in');
	await p.locator('dialog button[type=submit]').click();
	await p.waitForSelector('dialog .form-fault');
	ok('what is not signed is refused', true);

	const small = await page('/contacts/host-1.example', { width: 360, theme: 'dark' });
	await small.waitForSelector('.address');
	await axe(small, 'one contact, small and dark');
	await steady(small, 'one contact');
	await small.goto(small.url().replace(/\/contacts.*/, '/contacts'));
	await small.waitForSelector('.table tbody tr');
	await axe(small, 'contacts, small and dark');
	await steady(small, 'contacts');
}
