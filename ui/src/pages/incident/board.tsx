// SPDX-License-Identifier: GPL-3.0-or-later
/* board.tsx - open incidents, a column a state. A card says how bad, how late, whose; it is
 * opened by a click or Enter and moved by "m" or by dragging it to another column. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { useGet, useList } from '../../api';
import { useKeys } from '../../keys';
import { useLive } from '../../live';
import { FaultView } from '../../parts/fault';
import { Label } from '../../parts/label';
import { Skeleton } from '../../parts/loading';
import { SeverityShape } from '../../parts/severity';
import { Said } from '../../parts/subject';
import { to } from '../../router';
import { may } from '../../state';
import { number, t, word } from '../../text';
import type { Filters } from '../incidents';
import { Due, openStates, Owner, Priority, type Incident } from './parts';
import { StateDialog } from './state';

const SOME = 60;

function Card(props: { is: Incident; drag: (i: Incident | null) => void }) {
	const i = props.is;

	return (
		<li>
			<a class={`case edge edge-${i.severity}`} href={to('incidents', i.number)} data-number={i.number} draggable={may('analyst')}
				onDragStart={(e) => { e.dataTransfer?.setData('text/plain', String(i.number)); props.drag(i); }} onDragEnd={() => props.drag(null)}>
				<span class="case-top">
					<SeverityShape is={i.severity} /><span class="unseen">{word('severity', i.severity)}</span>
					<span class="quiet">{i.number}</span>
					{(i.priority === 'urgent' || i.priority === 'high') && <Priority is={i.priority} why={i.priority_why} />}
				</span>
				<span class="case-title"><Said text={i.title} /></span>
				<Due at={i.due} />
				<span class="case-end"><Owner is={i.owner} /><Label tlp={i.tlp} /></span>
			</a>
		</li>
	);
}

interface ColumnProps {
	state: (typeof openStates)[number];
	filters: Filters;
	total?: number;
	dragged: Incident | null;
	drag: (i: Incident | null) => void;
	drop: (i: Incident, state: string) => void;
}
function Column(props: ColumnProps) {
	const list = useList('/api/v1/incidents', { query: { ...props.filters, state: props.state, order: 'priority', limit: SOME } as never });
	const over = useSignal(false);
	const n = list.data?.length;
	const takes = props.dragged && props.dragged.state !== props.state;

	useLive((e) => e.about.startsWith('incident:'), list.again, 1000);
	return (
		<section class={`column ${n === 0 ? 'column-empty' : ''} ${takes && over.value ? 'column-over' : ''}`} aria-label={word('state', props.state)}
			onDragOver={(e) => { if (takes) { e.preventDefault(); over.value = true; } }} onDragLeave={() => { over.value = false; }}
			onDrop={(e) => { e.preventDefault(); over.value = false; if (takes) props.drop(props.dragged!, props.state); }}>
			<h2><span class="cut" title={word('state', props.state)}>{word('state', props.state)}</span>
				<span class="quiet">{props.total !== undefined ? number(props.total) : n === undefined ? '' : number(n) + (list.end ? '' : '+')}</span></h2>
			{list.fault ? <FaultView fault={list.fault} again={list.again} /> : !list.data ? list.slow && <Skeleton rows={4} /> : (
				<ul data-state={props.state}>
					{list.data.map((i) => <Card key={i.number} is={i} drag={props.drag} />)}
					{!list.end && <li><button type="button" class="plain" onClick={list.more}>{t('incidents.more')}</button></li>}
				</ul>
			)}
		</section>
	);
}

/* h j k l: to the card beside, below, above. */
function moved(root: HTMLElement, x: number, y: number): void {
	const columns = [...root.querySelectorAll('ul')].map((u) => [...u.querySelectorAll<HTMLElement>('.case')]).filter((c) => c.length);
	const at = document.activeElement as HTMLElement;
	let column = columns.findIndex((c) => c.includes(at)), row = column < 0 ? 0 : columns[column]!.indexOf(at);

	if (column < 0)
		column = x = y = 0;
	column = Math.max(0, Math.min(columns.length - 1, column + x));
	row = Math.max(0, Math.min((columns[column]?.length ?? 1) - 1, row + y));
	columns[column]?.[row]?.focus();
	columns[column]?.[row]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

export function Board(props: { filters: Filters; nothing: ComponentChildren }) {
	const root = useRef<HTMLDivElement>(null);
	const dragged = useSignal<Incident | null>(null);
	const moving = useSignal<{ number: number; state?: string } | null>(null);
	const sums = useGet('/api/v1/incidents/counts', { query: { ...props.filters, state: openStates.join() } as never });
	const count = (s: string) => sums.data && (sums.data.state.find((x) => x.value === s)?.count ?? 0);
	const nothing = sums.data?.total === 0;
	const at = () => Number((document.activeElement as HTMLElement)?.dataset?.number ?? 0);

	useLive((e) => e.about.startsWith('incident:'), sums.again, 1000);
	useKeys([
		{ keys: 'j', help: 'keys.down', run: () => moved(root.current!, 0, 1) },
		{ keys: 'k', help: 'keys.up', run: () => moved(root.current!, 0, -1) },
		{ keys: 'l', help: 'keys.right', run: () => moved(root.current!, 1, 0) },
		{ keys: 'h', help: 'keys.left', run: () => moved(root.current!, -1, 0) },
		{ keys: 'm', help: 'keys.incidents.move', run: () => { if (at() && may('analyst')) moving.value = { number: at() }; } },
	]);
	return (
		<>
			{nothing && props.nothing}
			<div class="board" ref={root} hidden={nothing} tabIndex={-1}>
				{openStates.map((state) => (
					<Column key={state} state={state} filters={props.filters} dragged={dragged.value}
						total={count(state)} drag={(i) => { dragged.value = i; }}
						drop={(i, to) => { moving.value = { number: i.number, state: to }; }} />
				))}
			</div>
			{moving.value && <StateDialog number={moving.value.number} state={moving.value.state} close={() => { moving.value = null; }} />}
		</>
	);
}
