// SPDX-License-Identifier: GPL-3.0-or-later
/* live.ts - what happens at the desk, as it happens (server-sent events of /api/v1/live).
 *
 * A line says that something happened and to what, nothing of its content; a page that
 * shows it asks anew:
 *
 *   useLive((e) => e.kind.startsWith('incident.') && e.about === `incident:${number}`, again);
 *
 * Many lines at once are one asking anew. After a gap ("lost", a new connection) every
 * page asks anew. The browser connects again by itself. */
import { effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { me } from './state';

export interface Happening {
	kind: string;		// "incident.state", "findings", "job", "lost"
	about: string;		// "incident:12", "" for none
	number: number;
}
export type LiveState = 'off' | 'connecting' | 'live';
export const live = signal<LiveState>('off');

type Listener = (e: Happening) => void;
const listeners = new Set<Listener>();
const tell = (e: Happening) => listeners.forEach((l) => l(e));

let source: EventSource | null = null;
function stop(): void {
	source?.close();
	source = null;
	live.value = 'off';
}
function parse(kind: string, text: string): Happening {
	let is: Partial<Happening> = {};

	try {
		is = JSON.parse(text);
	} catch { /* a line of a newer server: that it came is enough */ }
	return { kind: is.kind ?? kind, about: is.about ?? '', number: is.number ?? 0 };
}
function start(): void {
	let before = false;

	stop();
	live.value = 'connecting';
	source = new EventSource('/api/v1/live');
	source.onopen = () => {
		live.value = 'live';
		if (before)
			tell({ kind: 'lost', about: '', number: 0 });
		before = true;
	};
	source.onerror = () => { live.value = 'connecting'; };
	for (const kind of ['desk', 'findings', 'jobs', 'job', 'lost'])
		source.addEventListener(kind, (e) => tell(parse(kind, (e as MessageEvent<string>).data)));
}
let login = '';
effect(() => {
	const is = me.value && !me.value.must_change ? me.value.login : '';

	if (is === login)
		return;
	login = is;
	if (is)
		start();
	else
		stop();
});

/* Calls `then` when something that `mine` wants happened; at most every `pause` ms. */
export function useLive(mine: (e: Happening) => boolean, then: () => void, pause = 400): void {
	const last = useRef({ mine, then });

	last.current = { mine, then };
	useEffect(() => {
		let timer: ReturnType<typeof setTimeout> | undefined;
		const listen: Listener = (e) => {
			if (timer || !(e.kind === 'lost' || last.current.mine(e)))
				return;
			timer = setTimeout(() => { timer = undefined; last.current.then(); }, pause);
		};

		listeners.add(listen);
		return () => { listeners.delete(listen); clearTimeout(timer); };
	}, [pause]);
}
