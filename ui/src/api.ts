// SPDX-License-Identifier: GPL-3.0-or-later
/* api.ts - the one way to the server. Paths, parameters, bodies and replies are typed by
 * the server's own description (api.gen.d.ts is made from /api/v1/openapi.json), so the
 * page cannot drift from the server: `./check page` compiles it against the program.
 *
 *   const list = await get('/api/v1/findings', { query: { severity: 'high' } });
 *   await send('POST', '/api/v1/incidents/{number}/state', { path: { number }, body: {...} });
 *
 * What goes wrong is a Fault (RFC 9457) whose message is one sentence for people. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { components, paths } from './api.gen';
import { me } from './state';
import { locale, t } from './text';

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
	const own = r.status === 401 ? t('fault.401') : r.status === 403 && !detail ? t('fault.403')
		: r.status === 404 && !detail ? t('fault.404') : '';
	return new Fault(r.status, detail || own || title || t('fault.status', { status: String(r.status) }), title, body);
}

export async function raw(method: Method, address: string, body?: unknown,
			  signal?: AbortSignal): Promise<Response> {
	const headers: Record<string, string> = { 'Accept-Language': locale() };
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
		throw new Fault(0, t('fault.network'));
	}
	if (r.ok)
		return r;
	if (r.status === 401 && !address.endsWith('/sign-in'))
		me.value = null;	// the session ended: the gate shows
	throw await fault(r);
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

export interface Asking<T> {
	data: T | undefined;	// the last good answer stays while a new one is on its way
	fault: Fault | undefined;
	slow: boolean;		// nothing to show for 150 ms: time for a skeleton
	busy: boolean;
	again: () => void;
}
/* Asks when what is asked for changes; `null` asks nothing. */
export function useGet<P extends GetPath>(path: P | null, with_?: Omit<Asked<P>, 'signal'>): Asking<Reply<P>> {
	const [state, set] = useState<Omit<Asking<Reply<P>>, 'again'>>({ data: undefined, fault: undefined, slow: false, busy: true });
	const [turn, next] = useState(0);
	const address = path === null ? '' : url(path, with_?.path, with_?.query);
	const before = useRef('');

	useEffect(() => {
		if (!address)
			return;
		const control = new AbortController();
		const fresh = before.current !== address.split('?')[0];
		const timer = setTimeout(() => set((s) => ({ ...s, slow: !s.data })), 150);

		before.current = address.split('?')[0]!;
		set((s) => ({ data: fresh ? undefined : s.data, fault: undefined, slow: false, busy: true }));
		raw('GET', address, undefined, control.signal).then((r) => r.json()).then(
			(data) => set({ data, fault: undefined, slow: false, busy: false }),
			(e) => {
				if (!control.signal.aborted)
					set((s) => ({ ...s, fault: e instanceof Fault ? e : new Fault(0, sentence(e)), slow: false, busy: false }));
			}).finally(() => clearTimeout(timer));
		return () => { clearTimeout(timer); control.abort(); };
	}, [address, turn, me.value?.login, locale()]);
	return { ...state, again: () => next((n) => n + 1) };
}

/* A list by cursor: pages are fetched as they are wanted and joined. `once`: what only the
 * first page is asked for (facets). */
export interface Listing<T> extends Asking<T[]> {
	more: () => void;	// fetches the next page; nothing when there is none or one is coming
	end: boolean;
	first: Record<string, unknown> | undefined;	// the first page as it came: totals, facets
}
export function useList<P extends GetPath, T = Reply<P> extends { items: (infer I)[] } ? I : never>(
	path: P, with_?: Omit<Asked<P>, 'signal'>, once: Record<string, string> = {}): Listing<T> {
	type Part = { items: T[]; next: string | null };
	type State = { items: T[] | undefined; next: string | null; fault: Fault | undefined; slow: boolean; busy: boolean; first: Record<string, unknown> | undefined };
	const [state, set] = useState<State>({ items: undefined, next: null, fault: undefined, slow: false, busy: true, first: undefined });
	const [turn, again] = useState(0);
	const address = url(path, with_?.path, with_?.query);
	const now = useRef({ address: '', coming: false });

	const fetchPart = (cursor: string | null, had: T[], signal?: AbortSignal) => {
		const further = new URLSearchParams(cursor ? { cursor } : once).toString();
		const at = address + (further && (address.includes('?') ? '&' : '?') + further);

		now.current.coming = true;
		return raw('GET', at, undefined, signal).then((r) => r.json() as Promise<Part>).then((part) => {
			if (now.current.address === address)
				set((s) => ({ items: had.concat(part.items), next: part.next ?? null, fault: undefined, slow: false, busy: false,
					first: cursor ? s.first : part as unknown as Record<string, unknown> }));
		}, (e) => {
			if (!signal?.aborted)
				set((s) => ({ ...s, fault: e instanceof Fault ? e : new Fault(0, sentence(e)), slow: false, busy: false }));
		}).finally(() => { now.current.coming = false; });
	};

	useEffect(() => {
		const control = new AbortController();
		const timer = setTimeout(() => set((s) => ({ ...s, slow: !s.items })), 150);

		now.current = { address, coming: false };
		set((s) => ({ ...s, fault: undefined, busy: true }));
		fetchPart(null, [], control.signal).finally(() => clearTimeout(timer));
		return () => { clearTimeout(timer); control.abort(); };
	}, [address, turn, me.value?.login, locale()]);
	return {
		data: state.items, fault: state.fault, slow: state.slow, busy: state.busy, first: state.first,
		end: state.next === null, again: () => again((n) => n + 1),
		more: () => {
			if (state.next !== null && !now.current.coming)
				fetchPart(state.next, state.items ?? []);
		},
	};
}
