// SPDX-License-Identifier: GPL-3.0-or-later
/* router.ts - where one is: the address bar is the state, so that every view can be linked
 * to, kept and gone back to.
 *
 *   <a href="/findings?severity=high">    links work as links; clicks are taken here
 *   go('/findings/ab12')                  the same from code
 *   query('severity'), ask({severity})    the part after "?"
 *   memory()                              how this place looked, for the way back */
import { signal } from '@preact/signals';

export interface Place { path: string; query: URLSearchParams }
const read = (): Place => ({ path: location.pathname.replace(/\/+$/, '') || '/', query: new URLSearchParams(location.search) });
export const place = signal<Place>(read());

/* What was shown at a place of the history (answers, how far it was scrolled), so that the
 * way back leads to where one was. Of this tab, the last PLACES of them. */
const PLACES = 20;
const memories = new Map<number, Map<string, unknown>>();
let last = Number(history.state?.at) || 0;
function enter(at: number): number {
	if (!memories.has(at))
		memories.set(at, new Map());
	for (const old of memories.keys())
		if (memories.size > PLACES && old !== at)
			memories.delete(old);
	return at;
}
let here = enter(last);
history.replaceState({ at: here }, '');
history.scrollRestoration = 'manual';	/* shell.tsx: once the content is there */
export const memory = (): Map<string, unknown> => memories.get(here)!;
/* Somebody else signs in. */
export function forget(): void {
	memories.clear();
	enter(here);
}

export function go(href: string, how?: { replace?: boolean }): void {
	const to = new URL(href, location.origin), address = to.pathname + to.search;

	if (to.origin !== location.origin)
		return;		// never leaves the site
	if (how?.replace || address === location.pathname + location.search) {
		memories.delete(here);
		enter(here);
		history.replaceState({ at: here }, '', address);
	} else {
		here = enter(++last);
		history.pushState({ at: here }, '', address);
	}
	place.value = read();
}
addEventListener('popstate', (e) => {
	here = enter(Number(e.state?.at) || 0);
	last = Math.max(last, here);
	place.value = read();
});

document.addEventListener('click', (e) => {
	const a = (e.target as Element | null)?.closest?.('a');
	const href = a?.getAttribute('href');

	if (!a || !href?.startsWith('/') || href.startsWith('//') || a.hasAttribute('download') ||
	    a.target || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey ||
	    e.altKey || href.startsWith('/api/'))
		return;
	e.preventDefault();
	go(href);
});

export const query = (name: string): string => place.value.query.get(name) ?? '';
/* Changes parts of the query; '' takes one away. Typing replaces, choosing adds to history. */
export function ask(changes: Record<string, string>, how?: { replace?: boolean }): void {
	const q = new URLSearchParams(place.value.query);

	for (const [name, is] of Object.entries(changes))
		if (is)
			q.set(name, is);
		else
			q.delete(name);
	go(place.value.path + (q.size ? '?' + q : ''), how);
}

/* "/findings/:id" against "/findings/ab12": { id: 'ab12' }; null when it does not fit. A
 * last part ":name*" takes the rest. */
export function fits(pattern: string, path: string): Record<string, string> | null {
	const want = pattern.split('/'), is = path.split('/');
	const got: Record<string, string> = {};

	for (let i = 0; i < want.length; i++) {
		const w = want[i]!, p = is[i];
		if (p === undefined)
			return null;
		if (!w.startsWith(':')) {
			if (w !== p)
				return null;
			continue;
		}
		try {
			if (w.endsWith('*')) {
				got[w.slice(1, -1)] = is.slice(i).map(decodeURIComponent).join('/');
				return got;
			}
			got[w.slice(1)] = decodeURIComponent(p);
		} catch {
			return null;
		}
	}
	return want.length === is.length ? got : null;
}
/* A path of encoded parts: to('subjects', 'domain', name) */
export const to = (...parts: (string | number)[]) => '/' + parts.map((p) => encodeURIComponent(p)).join('/');
