// SPDX-License-Identifier: GPL-3.0-or-later
/* server.mjs - a server of our own for tests: a store of the capture that ships, in a
 * folder that goes away, on the loopback.
 *
 *   const s = await serve(program);      // s.url, s.password (of the first start), s.api
 *   ... await s.stop();              // s.away(), s.back(): gone for a while, at the same place
 *
 * A demo store is made once a run; `with` names more: command lines of vedette that fill it. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const ownPassword = 'seven quiet herons';

export function vedette(program, cwd, ...args) {
	try {
		return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 300000 });
	} catch (e) {
		if (e.status === 1)	// it found something
			return e.stdout;
		throw new Error(`vedette ${args.join(' ')}: ${e.stderr || e.message}`);
	}
}

function listen(child) {
	return new Promise((good, bad) => {
		let said = '';
		const late = setTimeout(() => bad(new Error(`no server: ${said}`)), 60000);

		child.stdout.on('data', (d) => {
			said += d;
			const url = /listens at (https?:\/\/[^/\s]+)/.exec(said)?.[1];
			if (url) {
				clearTimeout(late);
				good({ url, password: /^ {4}(\S+)$/m.exec(said)?.[1] });
			}
		});
		child.stderr.on('data', (d) => { said += d; });
		child.on('exit', (code) => { clearTimeout(late); bad(new Error(`the server ended (${code}): ${said}`)); });
	});
}

/* A client of the API, signed in. */
class Api {
	constructor(url) { this.url = url; }
	async ask(method, path, body) {
		const r = await fetch(this.url + path, { method, headers: {
			...(this.cookie ? { Cookie: this.cookie } : {}),
			...(this.csrf ? { 'X-CSRF': this.csrf } : {}),
			...(body ? { 'Content-Type': 'application/json' } : {}) },
			body: body ? JSON.stringify(body) : undefined });
		const said = await r.json().catch(() => ({}));

		if (!r.ok)
			throw new Error(`${method} ${path}: ${r.status} ${said.detail ?? ''}`);
		this.last = r;
		return said;
	}
	async signIn(login, password) {
		this.cookie = this.csrf = undefined;
		const said = await this.ask('POST', '/api/v1/sign-in', { login, password });
		this.cookie = this.last.headers.get('set-cookie').split(';')[0];
		this.csrf = said.csrf;
	}
}

/* Starts; with `ready` the admin has a password of their own already (ownPassword). */
export async function serve(program, { fill = [], args = [], ready = false, empty = false } = {}) {
	const folder = mkdtempSync(join(tmpdir(), 'vedette-page-'));
	const child = { is: null };
	const away = async () => {
		if (child.is && child.is.exitCode === null) {
			const gone = new Promise((done) => child.is.once('exit', done));
			child.is.kill('SIGTERM');
			await gone;
		}
	};
	const stop = async () => {
		await away();
		rmSync(folder, { recursive: true, force: true });
	};

	try {
		const demo = join(folder, 'demo.pcap');
		writeFileSync(demo, execFileSync('xz', ['-dc', join(top, 'test/data/demo.pcap.xz')], { maxBuffer: 1 << 26 }));
		if (empty)
			writeFileSync(join(folder, 'none.pcap'), Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex'));
		vedette(program, folder, 'observe', '--db', 'a.db', empty ? 'none.pcap' : 'demo.pcap');
		for (const args of fill)
			vedette(program, folder, ...args, '--db', 'a.db');
		vedette(program, folder, 'log', 'key', 'desk.key');
		const start = (at) => {
			child.is = spawn(program, ['serve', '--db', 'a.db', '--serve-listen', at, '--serve-log-key', 'desk.key', ...args], { cwd: folder });
			return listen(child.is);
		};
		const { url, password } = await start('127.0.0.1:0');
		const api = new Api(url);
		if (ready) {
			await api.signIn('admin', password);
			await api.ask('POST', '/api/v1/users/admin/password', { password: ownPassword });
			await new Promise((done) => setTimeout(done, 1100));	// so many sign-ins a second
			await api.signIn('admin', ownPassword);
		}
		return { url, password, api, folder, stop, away, back: () => start(new URL(url).host), run: (...args) => vedette(program, folder, ...args) };
	} catch (e) {
		await stop();
		throw e;
	}
}

/* The distribution's browser, or null. */
export const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
	.find((p) => existsSync(p)) ?? null;
