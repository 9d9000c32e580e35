// SPDX-License-Identifier: GPL-3.0-or-later
/* flows.mjs - what people do with the page, done in the distribution's Chromium.
 *
 *   flows/NAME.mjs   export default async function (d) { ... }
 *
 *     d.s              the server (server.mjs): url, api, run(), folder; the desk is filled
 *     d.data           what fillDesk() put there
 *     d.open(options)  a page, signed in as admin; {signedIn: false, width, theme, language}
 *     d.ok(what, good, detail)    one check
 *     d.axe(page, what)           no finding of axe-core of weight serious or critical
 *     d.steady(page, what)        nothing moves the page, or a dialog, sideways
 *
 * A flow's own settings: export const wants = { fill: [...] } (server.mjs); fresh: the first
 * start, with its one-time password; plain: findings and nothing made of them.
 * Every script error and every violation of the content security policy in any page is a
 * failure. Prints "ok WHAT" or "not WHAT", at the end "done".
 *
 * Usage: node flows.mjs PROGRAM [FLOW...]
 * With SLOW=N in the environment the browser's processor is made N times slower, and its
 * network one of 200 ms and 200 KB a second (up: ten times that): what then breaks breaks for people. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { fillDesk } from './places.mjs';
import { chromium as browserPath, serve } from './server.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const [program, ...only] = process.argv.slice(2);
const slow = Number(process.env.SLOW ?? 0);
let bad = 0;

function ok(what, good, detail) {
	console.log(`${good ? 'ok' : 'not'} ${what}${good || detail === undefined ? '' : ` (${typeof detail === 'string' ? detail : JSON.stringify(detail)})`}`.replace(/\n/g, ' '));
	bad += !good;
}

async function axe(page, what) {
	await page.evaluate(axeSource);
	const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
	const heavy = found.violations.filter((v) => ['serious', 'critical'].includes(v.impact));
	ok(`${what}: axe has nothing serious`, heavy.length === 0,
		heavy.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(', ')}`).join('; '));
}
async function steady(page, what) {
	const by = await page.evaluate(() => Math.max(...[document.documentElement, ...document.querySelectorAll('dialog[open] .dialog-box')]
		.map((e) => e.scrollWidth - e.clientWidth)));
	ok(`${what}: nothing sticks out`, by <= 0, by);
}

async function hamper(context, page) {
	const cdp = await context.newCDPSession(page);

	await cdp.send('Emulation.setCPUThrottlingRate', { rate: slow });
	await cdp.send('Network.enable');
	await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 200, downloadThroughput: 200000, uploadThroughput: 2000000 });
}

const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });

async function flow(name) {
	const { default: run, wants = {} } = await import(pathToFileURL(join(here, 'flows', name + '.mjs')));
	const s = await serve(program, { ready: !wants.fresh, ...wants });
	const contexts = [];
	const open = async ({ signedIn = true, width = 1280, height = 800, theme = 'light', language = 'en-GB', cookie = s.api.cookie } = {}) => {
		const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, locale: language,
			timezoneId: 'Europe/Madrid', reducedMotion: 'reduce', acceptDownloads: true, permissions: ['clipboard-write'] });
		contexts.push(context);
		if (signedIn)
			await context.addCookies([{ name: 'vedette', value: cookie.split('=')[1], url: s.url }]);
		const page = await context.newPage();
		page.setDefaultTimeout(slow ? 60000 : 15000);
		if (slow)
			await hamper(context, page);
		page.on('pageerror', (e) => ok(`${name}: no script error at ${page.url().slice(s.url.length)}`, false, e.message));
		page.on('console', (m) => {
			if (/Content Security Policy|Trusted Type/i.test(m.text()))
				ok(`${name}: within the security policy`, false, m.text());
		});
		page.on('dialog', (d) => { ok(`${name}: no dialog of a stranger`, false, d.message()); void d.dismiss(); });
		return page;
	};
	const page = async (path, options) => {
		const p = await open(options);
		await p.goto(s.url + path);
		return p;
	};

	try {
		const data = wants.fresh || wants.plain ? {} : await fillDesk(s);
		await run({ s, data, open, page, ok, axe, steady });
	} catch (e) {
		ok(`${name} ran to its end`, false, e.stack?.split('\n').slice(0, 4).join(' | '));
	} finally {
		for (const c of contexts)
			await c.close();
		await s.stop();
	}
}

try {
	const all = readdirSync(join(here, 'flows')).filter((f) => f.endsWith('.mjs')).map((f) => f.slice(0, -4)).sort();
	for (const name of all.filter((f) => !only.length || only.includes(f)))
		await flow(name);
} finally {
	await browser.close();
}
console.log('done');
process.exit(bad ? 1 : 0);
