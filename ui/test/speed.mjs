// SPDX-License-Identifier: GPL-3.0-or-later
/* speed.mjs - how soon a page is there, in the distribution's Chromium; for bench/page.
 *
 *   there     from the beginning of the load until the first of the page's content is drawn
 *   settled   until its script has nothing more to do: it answers to the next key
 *   cpu       what the page's thread worked until it was settled; other loads of the machine
 *             lengthen the times above, hardly this
 *   octets    as they are sent, with headers; packed
 *   typed     from a key in a list's filter until the rows are those that fit
 *
 * Cold: a browser that was never here. Warm: the same page loaded again. Slow: cold with a
 * processor made four times slower. The server is on the loopback: a network adds its own.
 *
 * Usage: node speed.mjs URL TOKEN TIMES   -> JSON on standard output */
import { chromium } from 'playwright-core';
import { chromium as browserPath } from './server.mjs';

const [url, token, times] = [process.argv[2], process.argv[3], Number(process.argv[4] ?? 9)];
const headers = { Authorization: 'Bearer ' + token };
const ask = async (path) => (await (await fetch(url + path, { headers })).json());
const finding = (await ask('/api/v1/findings?limit=1')).items[0];
const incident = (await ask('/api/v1/incidents?limit=1')).items[0];
const places = [
	{ name: 'Overview (the first page)', path: '/', ready: '.areas' },
	{ name: 'Findings', path: '/findings', ready: '.table tbody tr[data-at]' },
	{ name: 'Findings that hold a word', path: '/findings?text=bank', ready: '.table tbody tr[data-at]' },
	{ name: 'One finding', path: '/findings/' + finding.id, ready: '.finding-head' },
	{ name: 'Incidents, board', path: '/incidents', ready: '.case' },
	{ name: 'Incidents, list', path: '/incidents?view=list', ready: '.table tbody tr[data-at]' },
	{ name: 'One incident', path: '/incidents/' + incident?.number, ready: '.incident-grid' },
	{ name: 'Settings', path: '/settings', ready: '.tabs' },
];

/* In the page: when the content was drawn first, and the last long task until then or after. */
function watch(ready) {
	const is = (globalThis.__speed = { there: 0, busy: 0 });
	const look = () => {
		if (document.querySelector(ready))
			requestAnimationFrame(() => { is.there = performance.now(); });
		else
			requestAnimationFrame(look);
	};

	new PerformanceObserver((l) => {
		for (const e of l.getEntries())
			is.busy = Math.max(is.busy, e.startTime + e.duration);
	}).observe({ type: 'longtask', buffered: true });
	look();
}

const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });

async function open(ready, slow) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, extraHTTPHeaders: headers });
	const page = await context.newPage();
	const cdp = await context.newCDPSession(page);
	const sent = { octets: 0, requests: 0 };

	await cdp.send('Network.enable');
	await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
	if (slow)
		await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
	cdp.on('Network.loadingFinished', (e) => { sent.octets += e.encodedDataLength; sent.requests++; });
	await page.addInitScript(watch, ready);
	const worked = async () => (await cdp.send('Performance.getMetrics')).metrics.find((m) => m.name === 'TaskDuration').value * 1000;
	return { context, page, sent, worked };
}
async function load(o, path) {
	const before = await o.worked();

	o.sent.octets = o.sent.requests = 0;
	await o.page.goto(url + path, { waitUntil: 'commit' });
	await o.page.waitForFunction(() => globalThis.__speed?.there > 0, null, { timeout: 30000 });
	await o.page.waitForTimeout(400);
	const is = await o.page.evaluate(() => globalThis.__speed);

	const after = await o.worked();	/* another page may have another thread, which begins at nothing */
	return { there: is.there, settled: Math.max(is.there, is.busy), cpu: after >= before ? after - before : after, ...o.sent };
}

async function place(p) {
	const got = { name: p.name, cold: [], warm: [], slow: [] };

	for (let i = 0; i < times; i++) {
		const o = await open(p.ready, false);
		got.cold.push(await load(o, p.path));
		got.warm.push(await load(o, p.path));
		await o.context.close();
		const s = await open(p.ready, true);
		got.slow.push(await load(s, p.path));
		await s.context.close();
	}
	return got;
}

/* A word typed key by key into the filter of the findings. */
async function typing(word) {
	const o = await open('.table tbody tr[data-at]', false), p = o.page, took = [];

	await load(o, '/findings');
	await p.click('.filter input');
	for (let i = 1; i <= word.length; i++) {
		const text = word.slice(0, i);
		const answered = p.waitForResponse((r) => r.url().includes('/api/v1/findings?') && new URL(r.url()).searchParams.get('text') === text);
		const begun = Date.now();

		await p.keyboard.type(word[i - 1]);
		await answered;
		await p.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
		took.push(Date.now() - begun);
	}
	await o.context.close();
	return took;
}

try {
	const all = [];

	for (const p of places.filter((x) => !x.path.includes('undefined')))
		all.push(await place(p));
	const typed = [];
	for (let i = 0; i < Math.ceil(times / 3); i++)
		typed.push(...await typing('bank-mail'));
	console.log(JSON.stringify({ browser: browser.version(), places: all, typed }));
} finally {
	await browser.close();
}
