// SPDX-License-Identifier: GPL-3.0-or-later
/* keys.ts - the keyboard map: what is bound is also what "?" shows.
 *
 *   useKeys([{ keys: 'g f', help: 'keys.findings', run: () => go('/findings') }]);
 *
 * A binding is one key or two after each other. While somebody types into a field only
 * Escape is ours; with Ctrl, Alt or Meta nothing is. */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Key } from './text';

export interface Binding {
	keys: string;
	help: Key;
	run: (e: KeyboardEvent) => void;
	typing?: boolean;	// also while somebody types
}
export const bound = signal<readonly Binding[][]>([]);

let first = '', until = 0;
function typing(e: KeyboardEvent): boolean {
	const at = e.target as HTMLElement | null;

	return !!at && (at.isContentEditable || at.tagName === 'TEXTAREA' || at.tagName === 'SELECT' ||
		(at.tagName === 'INPUT' && !['checkbox', 'radio', 'button'].includes((at as HTMLInputElement).type)));
}
function found(keys: string, types: boolean): Binding | undefined {
	const groups = bound.value;

	for (let i = groups.length - 1; i >= 0; i--)	// what came last is on top
		for (const b of groups[i]!)
			if (b.keys === keys && (!types || b.typing))
				return b;
	return undefined;
}
addEventListener('keydown', (e) => {
	if (e.ctrlKey || e.altKey || e.metaKey || e.defaultPrevented || e.isComposing)
		return;
	if (document.querySelector('dialog[open]') && e.key !== 'Escape')
		return;
	const types = typing(e);
	const pair = !types && first && Date.now() < until ? found(`${first} ${e.key}`, types) : undefined;
	const b = pair ?? found(e.key, types);

	first = types || pair ? '' : e.key;
	until = Date.now() + 1200;
	if (b) {
		e.preventDefault();
		b.run(e);
	}
});

export function useKeys(bindings: Binding[]): void {
	const last = useRef(bindings);

	last.current = bindings;
	useEffect(() => {
		const group = last.current.map((b, i) => ({ ...b, run: (e: KeyboardEvent) => last.current[i]?.run(e) }));

		bound.value = [...bound.value, group];
		return () => { bound.value = bound.value.filter((g) => g !== group); };
	}, [bindings.map((b) => b.keys).join('|')]);
}
