// SPDX-License-Identifier: GPL-3.0-or-later
/* router.ts - where one is: the address bar is the state, so that every view can be linked
 * to, kept and gone back to.
 *
 *   <a href="/findings?severity=high">    links work as links; clicks are taken here
 *   go('/findings/ab12')                  the same from code
 *   query('severity'), ask({severity})    the part after "?" */
import { signal } from '@preact/signals';

export interface Place { path: string; query: URLSearchParams }
const read = (): Place => ({ path: decodeSafely(location.pathname), query: new URLSearchParams(location.search) });
function decodeSafely(path: string): string {
	return path.replace(/\/+$/, '') || '/';
}
export const place = signal<Place>(read());

export function go(href: string, how?: { replace?: boolean; keep?: boolean }): void {
	const to = new URL(href, location.origin);

	if (to.origin !== location.origin)
		return;		// never leaves the site
	const same = to.pathname === location.pathname;
	history[how?.replace ? 'replaceState' : 'pushState'](null, '', to.pathname + to.search);
	place.value = read();
	if (!same && !how?.keep)
		window.scrollTo(0, 0);
}
addEventListener('popstate', () => { place.value = read(); });

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
	go(place.value.path + (q.size ? '?' + q : ''), { ...how, keep: true });
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
