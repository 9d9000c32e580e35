// SPDX-License-Identifier: GPL-3.0-or-later
/* change.tsx - changes of one incident. Each says what it saw (version); when somebody was
 * faster (409), what they did is shown, and what was meant is kept: it is done on top of
 * theirs, or left.
 *
 * What would hide the incident from who does it is asked first.
 *
 *   const change = useChange(number, again);
 *   await change.run({ path, body, done }, version)     true: done; false: see change.conflict
 *   {change.conflict}                                                                      */
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { Fault, get, raw, sentence, url, useGet } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Form } from '../../parts/form';
import { Skeleton } from '../../parts/loading';
import { Name, Said } from '../../parts/subject';
import { toast } from '../../parts/toast';
import { Time } from '../../parts/when';
import { me } from '../../state';
import { t } from '../../text';
import { EventText } from './event';
import { raisedText, type Raised } from './raised';

export interface Change {
	path: string;		// under /api/v1/incidents/{number}
	values?: Record<string, string | number>;
	body: Record<string, unknown>;
	done: string;		// what is said when it is done
	says: string;		// what was meant, for a conflict
	free?: boolean;		// always taken: a note, a task
	made?: () => void;	// when it is done, also after what was asked first
}
export interface Changes {
	run: (c: Change, version: number) => Promise<boolean>;
	conflict: VNode | null;
}

function Conflict(props: { number: number; change: Change; seen: number; why: string; again: (version: number) => Promise<void>; leave: () => void }) {
	const is = useGet('/api/v1/incidents/{number}', { path: { number: props.number } });
	const theirs = useGet('/api/v1/incidents/{number}/events', { path: { number: props.number }, query: { cursor: String(props.seen), limit: 50 } });
	const busy = useSignal(false), fault = useSignal('');
	const own = !!theirs.data?.items.length && theirs.data.items.every((e) => e.author === me.value?.login);
	const again = async () => {
		busy.value = true;
		try {
			await props.again(is.data!.version);
		} catch (e) {
			fault.value = sentence(e);
		}
		busy.value = false;
	};

	return (
		<Dialog open close={props.leave} title={t(own ? 'conflict.title.own' : 'conflict.title')}>
			<p dir="auto">{props.why}</p>
			<h3>{t(own ? 'conflict.theirs.own' : 'conflict.theirs')}</h3>
			{!theirs.data ? <Skeleton rows={2} /> : (
				<ul class="theirs">
					{theirs.data.items.map((e) => <li key={e.number}><strong><Name text={e.author} /></strong> <EventText is={e} /> <Time at={e.at} as="relative" /></li>)}
				</ul>
			)}
			<h3>{t('conflict.yours')}</h3>
			<p class="yours"><Said text={props.change.says} /></p>
			{fault.value && <p class="form-fault" role="alert" dir="auto">{fault.value}</p>}
			<div class="form-end">
				<button type="button" class="main" disabled={busy.value || !is.data} onClick={again}>{t(own ? 'conflict.again.own' : 'conflict.again')}</button>
				<button type="button" onClick={props.leave}>{t(own ? 'conflict.leave.own' : 'conflict.leave')}</button>
			</div>
		</Dialog>
	);
}

/* The label would hide it from who sets it. */
function Hides(props: { why: string; again: () => Promise<void>; leave: () => void }) {
	return (
		<Dialog open close={props.leave} title={t('hides.title')}>
			<Form button={t('hides.again')} danger cancel={props.leave} submit={props.again}><p dir="auto">{props.why}</p></Form>
		</Dialog>
	);
}

export function useChange(number: number, then: () => void): Changes {
	const met = useSignal<{ change: Change; seen: number; why: string; hides?: boolean } | null>(null);
	const once = async (c: Change, version: number) => {
		const r = await raw('POST', url(c.path, { number, ...c.values }), c.free ? c.body : { ...c.body, version });
		const said: { raised?: Raised | null } = await r.json();

		met.value = null;
		c.made?.();
		toast(said.raised ? `${c.done}. ${raisedText(said.raised)}` : c.done);
		then();
	};
	const run = async (c: Change, version: number) => {
		try {
			await once(c, version);
			return true;
		} catch (e) {
			if (e instanceof Fault && e.more.code === 'hides-it') {
				met.value = { change: c, seen: version, why: e.message, hides: true };
				return false;
			}
			if (!(e instanceof Fault) || e.status !== 409 || c.free)
				throw e;
			if ((await get('/api/v1/incidents/{number}', { path: { number } })).version === version)
				throw e;	// nobody was: something else is against it
			met.value = { change: c, seen: version, why: e.message };
			return false;
		}
	};
	const is = met.value;

	if (is?.hides)
		return { run, conflict: <Hides why={is.why} leave={() => { met.value = null; }}
			again={() => once({ ...is.change, body: { ...is.change.body, hide_from_me: true } }, is.seen)} /> };
	return {
		run,
		conflict: is && <Conflict number={number} change={is.change} seen={is.seen} why={is.why}
			again={async (version) => { await run(is.change, version); }} leave={() => { met.value = null; then(); }} />,
	};
}
