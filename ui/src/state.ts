// SPDX-License-Identifier: GPL-3.0-or-later
/* state.ts - what the whole page knows: who is signed in, and how they like to see it.
 *
 * Likes (language, theme, zone of times) are kept in this browser; the language also with
 * the account. Data is never kept. */
import { computed, effect, signal } from '@preact/signals';

export type Role = 'viewer' | 'analyst' | 'lead' | 'admin';
export interface Me {
	login: string;
	role: Role;
	tlp: string;
	pap: string;
	language: string;
	must_change: boolean;
	codes: boolean;		// one-time codes are wanted at signing in
	csrf: string;
}
/* undefined: not asked yet; null: nobody is signed in. */
export const me = signal<Me | null | undefined>(undefined);
/* The session ended while somebody was at work: what they typed stays behind the gate. */
export const ended = signal(false);
/* Goes up with every signing in: then all that is shown is asked for anew. */
export const visit = signal(0);

export const roles: readonly Role[] = ['viewer', 'analyst', 'lead', 'admin'];
/* May who is signed in do what needs this role? */
export function may(role: Role): boolean {
	const is = me.value;

	return !!is && roles.indexOf(is.role) >= roles.indexOf(role);
}

/* A setting that outlives the tab; what is stored and makes no sense counts as not set. */
export function kept<T extends string>(name: string, words: readonly T[], otherwise: T) {
	let text: string | null = null;

	try {
		text = localStorage.getItem('vedette.' + name);
	} catch { /* storage may be forbidden: then it lasts as long as the tab */ }
	const is = signal<T>(words.includes(text as T) ? (text as T) : otherwise);

	effect(() => {
		try {
			localStorage.setItem('vedette.' + name, is.value);
		} catch { /* as above */ }
	});
	return is;
}

export const themes = ['system', 'light', 'dark'] as const;
export const theme = kept('theme', themes, 'system');
effect(() => {
	if (theme.value === 'system')
		delete document.documentElement.dataset.theme;
	else
		document.documentElement.dataset.theme = theme.value;
});

export const zones = ['local', 'utc'] as const;
export const zone = kept('zone', zones, 'local');

/* Is what the browser is asked so? As it changes. */
function media(query: string) {
	const asked = matchMedia(query), is = signal(asked.matches);

	asked.addEventListener('change', () => { is.value = asked.matches; });
	return is;
}
/* The widths under which the page is one column, and a list has nothing beside it. */
export const narrow = media('(max-width: 700px)');
export const slim = media('(max-width: 1000px)');
/* Changes when colours do, so that pictures (canvas) are drawn anew. */
const darkly = media('(prefers-color-scheme: dark)');
export const dark = computed(() => theme.value === 'dark' || (theme.value === 'system' && darkly.value));
