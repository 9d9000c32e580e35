// SPDX-License-Identifier: GPL-3.0-or-later
/* api.ts - the one way to the server. Paths, parameters, bodies and replies are typed by
 * the server's own description (api.gen.d.ts is made from /api/v1/openapi.json), so the
 * page cannot drift from the server: `./check page` compiles it against the program.
 *
 *   const list = await get('/api/v1/findings', { query: { severity: 'high' } });
 *   await send('POST', '/api/v1/incidents/{number}/state', { path: { number }, body: {...} });
 *
 * What goes wrong is a Fault (RFC 9457) whose message is one sentence for people. */
import { signal as sign } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { components, paths } from './api.gen';
import { memory } from './router';
import { ended, me, visit } from './state';
import { locale, t } from './text';
import { heard } from './time';

export type Schema = components['schemas'];
export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
type With<M extends string> = { [P in keyof paths]: paths[P] extends Record<M, object> ? P : never }[keyof paths];
type Operation<P extends keyof paths, M extends string> = paths[P] extends Record<M, infer O> ? O : never;
type Json<O> = O extends { responses: { 200: { content: { 'application/json': infer R } } } } ? R : unknown;
type Query<O> = O extends { parameters: { query?: infer Q } } ? NonNullable<Q> : Record<string, never>;
type Body<O> = O extends { requestBody?: { content: { 'application/json': infer B } } } ? B : undefined;

export type GetPath = With<'get'>;
export type Reply<P extends keyof paths, M extends string = 'get'> = Json<Operation<P, M>>;
export type Values = Record<string, string | number>;
export interface Asked<P extends keyof paths> {
	path?: Values;
	query?: Partial<Query<Operation<P, 'get'>>>;
	signal?: AbortSignal;
}

export class Fault extends Error {
	constructor(readonly status: number, message: string, readonly title = '',
		    readonly more: Record<string, unknown> = {}) {
		super(message);
	}
}
export const sentence = (e: unknown): string => e instanceof Error ? e.message : String(e);

/* In a query: empty on purpose ("?owner=" is nobody's); '' is not asked for. */
export const EMPTY = '\u0000';

export function url(path: string, values?: Values, query?: object): string {
	const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
		encodeURIComponent(values?.[name] ?? ''));
	const q = new URLSearchParams();

	for (const [name, is] of Object.entries(query ?? {}))
		if (is !== undefined && is !== null && is !== '')
			q.append(name, is === EMPTY ? '' : String(is));
	return filled + (q.size ? '?' + q : '');
}

async function fault(r: Response): Promise<Fault> {
	let body: Record<string, unknown> = {};

	try {
		body = await r.json();
	} catch { /* not from our server's API; the status says enough */ }
	const detail = typeof body.detail === 'string' ? body.detail : '';
	const title = typeof body.title === 'string' ? body.title : '';
	const own = r.status === 403 ? t('fault.403') : r.status === 404 ? t('fault.404') : '';

	return new Fault(r.status, detail || own || title || t('fault.status', { status: String(r.status) }), title, body);
}

/* The last request found no server, or one that cannot. */
export const away = sign(false);

export async function raw(method: Method, address: string, body?: unknown,
			  signal?: AbortSignal): Promise<Response> {
	const headers: Record<string, string> = { 'Accept-Language': locale() };
	const sent = Date.now();
	let r: Response;

	if (body !== undefined)
		headers['Content-Type'] = 'application/json';
	if (method !== 'GET' && me.value)
		headers['X-CSRF'] = me.value.csrf;
	try {
		r = await fetch(address, { method, headers, credentials: 'same-origin',
			body: body === undefined ? undefined : JSON.stringify(body), signal } as RequestInit);
	} catch (e) {
		if (signal?.aborted)
			throw e;
		away.value = true;
		throw new Fault(0, t('fault.network'));
	}
	away.value = r.status >= 502;
	heard(r.headers.get('Date'), sent);
	if (r.ok)
		return r;
	if (r.status !== 401 || !me.value || address.endsWith('/sign-in'))
		throw await fault(r);
	ended.value = true;	// the gate opens over the page
	throw new Fault(401, t('fault.401'));
}

export async function get<P extends GetPath>(path: P, with_?: Asked<P>): Promise<Reply<P>> {
	const r = await raw('GET', url(path, with_?.path, with_?.query), undefined, with_?.signal);

	return r.json();
}

export async function send<M extends 'POST' | 'PATCH' | 'PUT' | 'DELETE', P extends With<Lowercase<M>>>(
	method: M, path: P, with_?: { path?: Values; query?: object; body?: Body<Operation<P, Lowercase<M>>> },
): Promise<Reply<P, Lowercase<M>>> {
	const r = await raw(method, url(path, with_?.path, with_?.query),
		with_?.body ?? (method === 'DELETE' ? undefined : {}));

	return r.json();
}

/* ---- in pages ---- */

export const asFault = (e: unknown): Fault => e instanceof Fault ? e : new Fault(0, sentence(e));
/* What may be over in a moment: no connection, a server that starts, a session that ended. */
const passing = (f: Fault) => f.status === 0 || f.status === 401 || f.status === 429 || f.status >= 500;
const SOON = 2000, LATEST = 30000;	/* ms until it is asked again */

export interface Asking<T> {
	data: T | undefined;	// the last good answer stays while a new one is on its way, or fails
	fault: Fault | undefined;
	slow: boolean;		// nothing to show for 150 ms: time for a skeleton
	busy: boolean;
	again: () => void;
}
type Stand<T> = Omit<Asking<T>, 'again'>;
const nothing = { data: undefined, fault: undefined, slow: false, busy: true };

/* Asks as long as it is wanted: what fails for the moment is asked again, later and later.
 * `good`: what is shown meanwhile answers the same question, and may stay. */
function keepAsking<T>(ask: (signal: AbortSignal) => Promise<T>, set: (change: (s: Stand<T>) => Stand<T>) => void, good: boolean): () => void {
	const control = new AbortController();
	let timer = setTimeout(() => set((s) => ({ ...s, slow: s.data === undefined })), 150);
	const turn = (pause: number) => {
		ask(control.signal).then((data) => {
			if (!control.signal.aborted)
				set(() => ({ data, fault: undefined, slow: false, busy: false }));
			clearTimeout(timer);
			good = true;
		}, (e) => {
			const fault = asFault(e);

			clearTimeout(timer);
			if (control.signal.aborted)
				return;
			set((s) => ({ ...s, fault: good && passing(fault) ? undefined : fault, slow: false, busy: false }));
			if (passing(fault) && fault.status !== 401)	/* signing in asks anew */
				timer = setTimeout(() => turn(Math.min(2 * pause, LATEST)), pause);
		});
	};

	turn(SOON);
	return () => { clearTimeout(timer); control.abort(); };
}

/* Asks when what is asked for changes; `null` asks nothing. */
export function useGet<P extends GetPath>(path: P | null, with_?: Omit<Asked<P>, 'signal'>): Asking<Reply<P>> {
	type Is = Stand<Reply<P>>;
	const address = path === null ? '' : url(path, with_?.path, with_?.query);
	const known = () => memory().get(address) as Reply<P> | undefined;
	const [state, set] = useState<Is>(() => ({ ...nothing, data: known() }));
	const [turn, next] = useState(0);
	const before = useRef('');

	useEffect(() => {
		if (!address)
			return;
		const had = known(), what = address.split('?')[0]!, other = before.current !== what;

		before.current = what;
		set((s) => ({ ...nothing, data: had ?? (other ? undefined : s.data) }));
		return keepAsking<Reply<P>>((signal) => raw('GET', address, undefined, signal).then((r) => r.json()).then((data) => {
			if (!signal.aborted)
				memory().set(address, data);
			return data;
		}), set, had !== undefined);
	}, [address, turn, visit.value, locale()]);
	return { ...state, busy: address !== '' && state.busy, again: () => next((n) => n + 1) };
}

/* A list by cursor: pages are fetched as they are wanted and joined. Asked again, as many as
 * there were are fetched anew, so that nobody loses their place. `once`: what only the first
 * page is asked for (facets). */
export interface Listing<T> extends Asking<T[]> {
	more: () => void;	// fetches the next page; nothing when there is none or one is coming
	end: boolean;
	first: Record<string, unknown> | undefined;	// the first page as it came: totals, facets
}
interface Pages<T> { items: T[]; next: string | null; count: number; first: Record<string, unknown> | undefined }
const ANEW = 20;	/* pages that are fetched anew at most */

export function useList<P extends GetPath, T = Reply<P> extends { items: (infer I)[] } ? I : never>(
	path: P, with_?: Omit<Asked<P>, 'signal'>, once: Record<string, string> = {}): Listing<T> {
	type Is = Stand<Pages<T>>;
	const address = url(path, with_?.path, with_?.query);
	const name = 'list ' + address;
	const known = () => memory().get(name) as Pages<T> | undefined;
	const [state, set] = useState<Is>(() => ({ ...nothing, data: known() }));
	const [turn, again] = useState(0);
	const now = useRef({ address: '', coming: false, is: state.data });

	now.current.is = state.data;
	const part = async (had: Pages<T>, signal?: AbortSignal): Promise<Pages<T>> => {
		const further = new URLSearchParams(had.next ? { cursor: had.next } : once).toString();
		const r = await raw('GET', address + (further && (address.includes('?') ? '&' : '?') + further), undefined, signal);
		const is: { items: T[]; next: string | null } = await r.json();
		const all = { items: had.items.concat(is.items), next: is.next ?? null, count: had.count + 1,
			first: had.first ?? is as unknown as Record<string, unknown> };

		if (!signal?.aborted && now.current.address === address)
			memory().set(name, all);
		return all;
	};
	const empty: Pages<T> = { items: [], next: null, count: 0, first: undefined };

	useEffect(() => {
		const same = now.current.address === address;
		const had = same ? now.current.is : known();

		now.current.address = address;
		now.current.coming = false;
		set((s) => ({ ...nothing, data: had ?? s.data }));
		return keepAsking<Pages<T>>(async (signal) => {
			const count = Math.min(had?.count ?? 1, ANEW);
			let all = await part(empty, signal);

			while (all.count < count && all.next !== null)
				all = await part(all, signal);
			return all;
		}, set, had !== undefined);
	}, [address, turn, visit.value, locale()]);
	const more = () => {
		const had = now.current.is;

		if (!had || had.next === null || state.busy || now.current.coming || now.current.address !== address)
			return;
		now.current.coming = true;
		part(had).then((all) => {
			if (now.current.is === had)	/* else it was asked anew meanwhile */
				set((s) => ({ ...s, data: all }));
			now.current.coming = false;
		}, () => { setTimeout(() => { now.current.coming = false; more(); }, SOON); });
	};
	return {
		data: state.data?.items, fault: state.fault, slow: state.slow, busy: state.busy, first: state.data?.first,
		end: !state.data || state.data.next === null, again: () => again((n) => n + 1), more,
	};
}
