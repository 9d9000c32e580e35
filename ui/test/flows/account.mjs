// SPDX-License-Identifier: GPL-3.0-or-later
/* account.mjs - what everybody may with what lets them in: password, codes by a QR code that
 * a camera can read, sessions, tokens. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ownPassword } from '../server.mjs';

const jsqr = readFileSync(createRequire(import.meta.url).resolve('jsqr'), 'utf8');
export const wants = { plain: true };

/* RFC 6238 of a base32 seed. */
export function code(secret, step = 0) {
	const bits = [...secret.replace(/=/g, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
	const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
	const count = Buffer.alloc(8);

	count.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + step));
	const mac = createHmac('sha1', key).update(count).digest(), at = mac[19] & 15;
	return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0');
}
const pause = () => new Promise((done) => setTimeout(done, 1200));	// so many sign-ins a second

/* What a camera reads of the picture. */
async function scanned(p) {
	await p.waitForSelector('svg.qr');
	await p.evaluate(jsqr);
	return p.evaluate(() => {
		const svg = document.querySelector('svg.qr'), size = svg.viewBox.baseVal.width, by = 6;
		const canvas = document.createElement('canvas'), c = canvas.getContext('2d');

		canvas.width = canvas.height = size * by;
		c.fillStyle = getComputedStyle(svg).backgroundColor;
		c.fillRect(0, 0, canvas.width, canvas.height);
		c.scale(by, by);
		c.fillStyle = getComputedStyle(svg).fill;
		c.fill(new Path2D(svg.querySelector('path').getAttribute('d')));
		const is = c.getImageData(0, 0, canvas.width, canvas.height);

		return globalThis.jsQR(is.data, is.width, is.height)?.data ?? '';
	});
}

async function password({ page, ok, axe }) {
	const p = await page('/settings/account');
	const box = p.locator('section.box', { has: p.getByRole('heading', { name: 'Password' }) });

	await box.getByLabel('Password that you have now').fill('not the right one');
	await box.getByLabel('New password').fill('eight calm otters');
	await box.getByLabel('The same again').fill('eight calm otters');
	await box.locator('button[type=submit]').click();
	ok('a password is changed by who knows it', (await box.locator('.form-fault').textContent()).includes('another one'));
	await box.getByLabel('Password that you have now').fill(ownPassword);
	await box.locator('button[type=submit]').click();
	await p.waitForSelector('.toast');
	await p.reload();
	await p.waitForSelector('.tabs');
	ok('  then it is, and this session goes on', true);
	await axe(p, 'the account');
	return p;
}

async function sessions({ s, ok }, p) {
	const here = s.api.cookie, csrf = s.api.csrf;

	await pause();
	await s.api.signIn('admin', 'eight calm otters');
	await p.reload();
	const rows = p.locator('table[aria-label="Where you are signed in"] tbody tr');
	await rows.nth(1).waitFor();
	ok('one sees where one is signed in', await rows.count() === 2 && (await rows.first().textContent()).includes('this one'));
	await rows.nth(1).getByRole('button', { name: 'End it' }).click();
	await p.waitForFunction(() => document.querySelectorAll('table[aria-label="Where you are signed in"] tbody tr').length === 1);
	ok('  and ends it from here', await s.api.ask('GET', '/api/v1/me').then(() => false, (e) => e.message.includes('401')));
	Object.assign(s.api, { cookie: here, csrf });
}

async function codes({ ok, axe }, p) {
	const box = p.locator('section.box', { has: p.getByRole('heading', { name: 'One-time codes' }) });

	await box.getByRole('button', { name: 'Set them up' }).click();
	await box.getByLabel('Password that you have now').fill('eight calm otters');
	await box.locator('button[type=submit]').click();
	const uri = await scanned(p), secret = /secret=([A-Z2-7]+)/.exec(uri)?.[1] ?? '';
	ok('a camera reads the QR code', uri.startsWith('otpauth://totp/Vedette:admin?') && secret.length === 32, uri);
	ok('  which says what the key beside it says', (await box.getByLabel('Key for the app').inputValue()).replace(/ /g, '') === secret);
	await axe(p, 'codes being set up');
	await box.getByLabel('One-time code').fill(code(secret));
	await box.locator('button[type=submit]').click();
	await box.locator('.chip-good').waitFor();
	ok('  and the app\'s code turns them on', true);
	await box.getByRole('button', { name: 'On another device' }).click();
	await box.getByRole('button', { name: 'Cancel' }).click();
	await p.reload();
	await box.locator('.chip-good').waitFor();
	ok('  another beginning ends nothing', true);
	return secret;
}

async function signIn({ page, ok }, secret) {
	const p = await page('/', { signedIn: false });

	await pause();
	await p.fill('[name=login]', 'admin');
	await p.fill('[name=password]', 'eight calm otters');
	await p.keyboard.press('Enter');
	await p.waitForSelector('[name=code]');
	await pause();
	await p.fill('[name=code]', '000000');
	await p.keyboard.press('Enter');
	await p.waitForSelector('.form-fault');
	ok('a wrong code is said to be the code', /code is wrong/.test(await p.textContent('.form-fault')), await p.textContent('.form-fault'));
	await pause();
	await p.fill('[name=code]', code(secret, 1));
	await p.keyboard.press('Enter');
	await p.waitForSelector('.rail');
	ok('  the right one opens', true);
}

async function tokens({ s, page, ok }) {
	const { password } = await s.api.ask('POST', '/api/v1/users', { login: 'vera', role: 'viewer' });

	await pause();
	const admin = { cookie: s.api.cookie, csrf: s.api.csrf };
	await s.api.signIn('vera', password);
	await s.api.ask('POST', '/api/v1/users/vera/password', { password: ownPassword });
	const p = await page('/settings/tokens', { cookie: s.api.cookie });
	await p.getByRole('button', { name: 'New token' }).click();
	await p.locator('dialog').getByLabel('What it is for').fill('her script');
	await p.locator('dialog button[type=submit]').click();
	await p.locator('dialog').getByRole('button', { name: 'I have kept it' }).click();
	await p.locator('.table td', { hasText: 'her script' }).waitFor();
	ok('a viewer makes a token and sees it', true);
	await p.getByRole('button', { name: 'Take back' }).click();
	await p.locator('.chip', { hasText: 'taken back' }).waitFor();
	ok('  and takes it back', true);
	Object.assign(s.api, admin);
}

/* Whoever lost the device: an admin takes the codes away, and the password alone opens. */
async function lost({ s, open, page, ok, axe }) {
	const own = { cookie: s.api.cookie, csrf: s.api.csrf };

	await pause();
	await s.api.signIn('vera', ownPassword);
	const { uri } = await s.api.ask('POST', '/api/v1/me/totp', { step: 'begin', current: ownPassword });
	await s.api.ask('POST', '/api/v1/me/totp', { step: 'confirm', code: code(/secret=([A-Z2-7]+)/.exec(uri)[1]) });
	Object.assign(s.api, own);
	const p = await page('/settings/users');
	await p.getByRole('button', { name: 'vera' }).click();
	await p.getByRole('button', { name: 'Take the one-time codes away' }).click();
	ok('codes are taken away after a word of warning', /Make sure that it is vera/.test(await p.textContent('dialog[open]')));
	await axe(p, 'codes being taken away');
	await p.getByRole('button', { name: 'Cancel' }).click();
	await p.getByRole('button', { name: 'vera' }).click();
	await p.getByRole('button', { name: 'Take the one-time codes away' }).click();
	await p.locator('dialog[open] button[type=submit]').click();
	await p.locator('.toast', { hasText: 'vera' }).waitFor();
	const q = await open({ signedIn: false });
	await pause();
	await q.goto(s.url + '/');
	await q.fill('[name=login]', 'vera');
	await q.fill('[name=password]', ownPassword);
	await q.keyboard.press('Enter');
	await q.waitForSelector('.rail');
	ok('  then the password alone opens', true);
}

/* The buttons around codes: another device, and off. */
async function off({ ok, page }, secret) {
	const p = await page('/settings/account');
	const box = p.locator('section.box', { has: p.getByRole('heading', { name: 'One-time codes' }) });
	const begin = async (button) => {
		await box.getByRole('button', { name: button }).click();
		await box.getByLabel('Password that you have now').fill('eight calm otters');
		await box.locator('button[type=submit]').click();
	};

	await begin('On another device');
	const other = /secret=([A-Z2-7]+)/.exec(await scanned(p))[1];
	ok('another device has another key', other !== secret);
	await box.getByLabel('One-time code').fill(code(secret));
	await box.locator('button[type=submit]').click();
	ok('  which the old app does not confirm', (await box.locator('.form-fault').textContent()).length > 0);
	await box.getByLabel('One-time code').fill(code(other));
	await box.locator('button[type=submit]').click();
	await box.getByRole('button', { name: 'Turn them off' }).waitFor();
	await begin('Turn them off');
	await box.getByRole('button', { name: 'Set them up' }).waitFor();
	ok('  and off they are', await box.locator('.chip-good').count() === 0);
}

export default async function (d) {
	const p = await password(d);

	await sessions(d, p);
	await tokens(d);
	const secret = await codes(d, p);
	await signIn(d, secret);
	await off(d, secret);
	await lost(d);
}
