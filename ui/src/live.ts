// SPDX-License-Identifier: GPL-3.0-or-later
/* live.ts - what happens at the desk, as it happens (server-sent events of /api/v1/live).
 *
 * A line says that something happened and to what, nothing of its content; a page that
 * shows it asks anew:
 *
 *   useLive((e) => e.kind.startsWith('incident.') && e.about === `incident:${number}`, again);
 *
 * Many lines at once are one asking anew. After a gap ("lost", a new connection) every
 * page asks anew. The browser connects again by itself when the connection broke; after a
 * refusal (the server starts, the session ended) and after a sleep we do. */
import { effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { raw } from './api';
import { ended, me, visit } from './state';

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

const SOON = 2000, LATEST = 30000;	/* ms until it is tried again */
const BEAT = 10000, ASLEEP = 60000;	/* a beat that came so late: the computer slept */
let source: EventSource | null = null;
let before = false, pause = SOON;
let timer: ReturnType<typeof setTimeout> | undefined;
function stop(): void {
	clearTimeout(timer);
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
/* An EventSource does not say why it was refused: a session that ended shows the gate. */
function later(): void {
	clearTimeout(timer);
	timer = setTimeout(() => raw('GET', '/api/v1/me').then(start, (e: { status?: number }) => { if (e.status !== 401) later(); }), pause);
	pause = Math.min(2 * pause, LATEST);
}
function start(): void {
	stop();
	live.value = 'connecting';
	source = new EventSource('/api/v1/live');
	source.onopen = () => {
		live.value = 'live';
		pause = SOON;
		if (before)
			tell({ kind: 'lost', about: '', number: 0 });
		before = true;
	};
	source.onerror = () => {
		live.value = 'connecting';
		if (source?.readyState === EventSource.CLOSED)
			later();
	};
	for (const kind of ['desk', 'findings', 'jobs', 'job', 'lost'])
		source.addEventListener(kind, (e) => tell(parse(kind, (e as MessageEvent<string>).data)));
}
let who = '';
effect(() => {
	const is = me.value && !me.value.must_change && !ended.value ? `${me.value.login} ${visit.value}` : '';

	if (is === who)
		return;
	who = is;
	if (is)
		start();
	else
		stop();
});
let beat = Date.now();
setInterval(() => {
	if (source && Date.now() - beat > ASLEEP)	/* a connection may be dead and not know it */
		start();
	beat = Date.now();
}, BEAT);

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
