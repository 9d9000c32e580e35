// SPDX-License-Identifier: GPL-3.0-or-later
/* incidents.tsx - who works on what, until when. Two looks at the same question:
 *
 *   board   a column a state, the most urgent on top; h j k l move, m moves a card
 *   list    a row an incident, by the thousand; x selects, and many are done at once
 *
 * The filters stand in the address. */
import { useSignal } from '@preact/signals';
import { EMPTY, send, useGet, useList, type Schema } from '../api';
import { useKeys } from '../keys';
import { useLive } from '../live';
import { Empty } from '../parts/empty';
import { Facets, type FacetGroup } from '../parts/facets';
import { FaultView } from '../parts/fault';
import { Filter } from '../parts/filter';
import { Icon } from '../parts/icon';
import { Label } from '../parts/label';
import { Skeleton } from '../parts/loading';
import { atLeast, Severity, severities, SeverityShape } from '../parts/severity';
import { Name, Said, saidText } from '../parts/subject';
import { Table } from '../parts/table';
import { bad, toast } from '../parts/toast';
import { Time } from '../parts/when';
import { ask, go, query, to } from '../router';
import { may, me, narrow, slim } from '../state';
import { number, t, word } from '../text';
import { Board } from './incident/board';
import { NewIncident } from './incident/new';
import { Grouping } from './incident/group';
import { Due, endStates, hasEnded, openStates, Options, Owner, Priority, tlps, type Incident } from './incident/parts';

export interface Filters { text?: string; owner?: string; overdue?: boolean; severity?: string; tlp?: string; family?: string; clocks?: string }
const names = ['text', 'owner', 'overdue', 'severity', 'tlp', 'family', 'clocks', 'state'] as const;

/* In the address: nobody's. A login is no hyphen alone. */
const NOBODY = '-';
function filters(): Filters {
	const f: Filters = {};

	for (const name of ['text', 'owner', 'severity', 'tlp', 'family', 'clocks'] as const)
		if (query(name))
			f[name] = query(name);
	if (f.owner === NOBODY)
		f.owner = EMPTY;
	if (query('overdue'))
		f.overdue = true;
	return f;
}
const filtered = () => names.some((n) => query(n));
const clear = () => ask(Object.fromEntries(names.map((n) => [n, ''])));

function Bar(props: { board: boolean }) {
	const login = me.value?.login ?? '';
	const flag = (name: string, value: string, label: string) => (
		<button type="button" class="plain toggle" aria-pressed={query(name) === value}
			onClick={() => ask({ [name]: query(name) === value ? '' : value })}>{label}</button>
	);

	return (
		<div class="filters" role="search" aria-label={t('incidents.narrow')}>
			<Filter label={t('incidents.filter')} value={query('text')} change={(text) => ask({ text }, { replace: true })} />
			<div class="line">
				{flag('owner', login, t('incidents.mine'))}
				{flag('owner', NOBODY, t('incidents.nobodys'))}
				{flag('overdue', '1', t('incidents.late'))}
				{(props.board || slim.value) && (
					<select aria-label={t('incidents.severity')} value={query('severity')} onChange={(e) => ask({ severity: e.currentTarget.value })}>
						<option value="">{t('incidents.severity.any')}</option>
						{[...severities].slice(1).reverse().map((s) => <option key={s} value={s}>{atLeast(s)}</option>)}
					</select>
				)}
				{(props.board || slim.value) && (
					<select aria-label="TLP" value={query('tlp')} onChange={(e) => ask({ tlp: e.currentTarget.value })}>
						<Options none={t('incidents.tlp.any')} of={tlps} />
					</select>
				)}
				{!props.board && (
					<select aria-label={t('incidents.order')} value={query('order') || 'priority'} onChange={(e) => ask({ order: e.currentTarget.value })}>
						{['priority', 'due', 'severity', 'changed', 'opened', 'number'].map((o) => <option key={o} value={o}>{word('incidents.order', o)}</option>)}
					</select>
				)}
				{(props.board || slim.value) && query('owner') && query('owner') !== login && query('owner') !== NOBODY &&
					<button type="button" class="plain toggle" aria-pressed="true" onClick={() => ask({ owner: '' })}><Said text={query('owner')} /><Icon name="close" /></button>}
				{query('family') && <button type="button" class="plain toggle" aria-pressed="true" onClick={() => ask({ family: '' })}><Said text={query('family')} /><Icon name="close" /></button>}
				{filtered() && <button type="button" class="plain" onClick={clear}>{t('incidents.clear')}</button>}
			</div>
		</div>
	);
}

/* What becomes of many: each by its own change of what the list shows of it; what fails is said once. */
type OneChange = (number: number, version: number) => Promise<unknown>;
async function each(ids: ReadonlySet<string>, rows: Incident[], change: OneChange): Promise<number> {
	let done = 0, fault: unknown;

	for (const id of ids)
		try {
			await change(Number(id), rows.find((i) => i.number === Number(id))?.version ?? 0);
			done++;
		} catch (e) {
			fault = e;
		}
	if (fault)
		bad(fault);
	return done;
}

function Bulk(props: { picked: ReadonlySet<string>; rows: Incident[]; done: () => void }) {
	const busy = useSignal(false);
	const run = async (change: OneChange) => {
		busy.value = true;
		const n = await each(props.picked, props.rows, change);
		busy.value = false;
		if (n)
			toast(t('incidents.changed', { n }));
		props.done();
	};

	return (
		<div class="picked-bar" role="toolbar" aria-label={t('incidents.picked', { n: props.picked.size })}>
			<strong>{t('incidents.picked', { n: props.picked.size })}</strong>
			<button type="button" disabled={busy.value} onClick={() => run((number, version) =>
				send('POST', '/api/v1/incidents/{number}/owner', { path: { number }, body: { owner: me.value?.login ?? '', version } }))}>{t('incidents.take')}</button>
			<select aria-label={t('incidents.move')} disabled={busy.value} value="" onChange={(e) => {
				const state = e.currentTarget.value as 'new';

				e.currentTarget.value = '';
				run((number, version) => send('POST', '/api/v1/incidents/{number}/state', { path: { number }, body: { state, version } }));
			}}>
				<Options none={t('incidents.move')} words="state" of={openStates} />
			</select>
			<button type="button" class="plain" onClick={props.done}>{t('incidents.unpick')}</button>
		</div>
	);
}

function Card(props: { is: Incident }) {
	const i = props.is;

	return (
		<div class="row-card">
			<div class="line"><SeverityShape is={i.severity} /><strong class="cut"><Said text={i.title} /></strong></div>
			<div class="line quiet"><span>{i.number}</span><span>{word('state', i.state)}</span><Due at={i.due} ended={hasEnded(i.state)} /><Label tlp={i.tlp} /></div>
		</div>
	);
}

/* What there is of each, under the other filters. */
function groups(is: Schema['incident_counts'] | undefined, state: string): FacetGroup[] {
	const of = (name: 'state' | 'label' | 'severity', value: string) => is?.[name].find((x) => x.value === value)?.count ?? (is ? 0 : undefined);
	/* the filter is "at least so severe": each counts with those above it */
	const least = [...severities].reverse().map((s, i, all) => ({ value: s, label: <span class="sev"><SeverityShape is={s} />{atLeast(s)}</span>,
		count: is && all.slice(0, i + 1).reduce((sum, x) => sum + (of('severity', x) ?? 0), 0) }));

	return [
		{ name: 'state', title: t('incidents.state'), picked: state, values: [...openStates, ...endStates].map((s) => ({ value: s, label: word('state', s), count: of('state', s) })) },
		{ name: 'severity', title: t('incidents.severity'), picked: query('severity'), values: least.filter((v) => v.value !== 'info') },
		{ name: 'owner', title: t('incidents.owner'), picked: query('owner'),
		  values: [...is?.owner ?? []].sort((a, b) => b.count - a.count).slice(0, 20).map((o) => ({ value: o.value || NOBODY, label: o.value ? <Name text={o.value} /> : t('incidents.nobody'), count: o.count })) },
		{ name: 'tlp', title: 'TLP', picked: query('tlp'), values: tlps.map((s) => ({ value: s, label: <Label tlp={s} />, count: of('label', s) })) },
	];
}

function List() {
	const picked = useSignal<ReadonlySet<string>>(new Set());
	const by = query('order') || 'priority';
	const state = query('state');
	const list = useList('/api/v1/incidents', { query: { ...filters(), ...(state ? { state } : { open: true }), order: by as 'number', limit: 100 } });
	const sums = useGet('/api/v1/incidents/counts', { query: { ...filters(), state: state || openStates.join() } as never });

	useLive((e) => e.about.startsWith('incident:'), () => { list.again(); sums.again(); }, 1500);
	const facets = <Facets label={t('incidents.narrow')} pick={(name, value) => ask({ [name]: value })} groups={groups(sums.data, state)} />;

	return (
		<div class="sided">
			{!slim.value && <div class="sided-side">{facets}</div>}
			<div class="sided-main">
				{picked.value.size > 0 && <Bulk picked={picked.value} rows={list.data ?? []} done={() => { picked.value = new Set(); list.again(); }} />}
				{list.fault ? <FaultView fault={list.fault} again={list.again} />
				: !list.data ? list.slow ? <Skeleton rows={20} /> : null
				: !list.data.length ? <Nothing />
				: <Table fill keys label={t('nav.incidents')} rows={list.data} id={(i) => String(i.number)} href={(i) => to('incidents', i.number)}
					more={list.more} card={(i) => <Card is={i} />} severity={(i) => i.severity}
					selected={may('analyst') && !narrow.value ? picked : undefined}
					sort={{ by, down: by !== 'due', change: (order) => ask({ order }) }}
					columns={[
						{ name: 'number', head: t('incidents.number'), width: '3.5rem', number: true, sort: 'number', cell: (i) => i.number },
						{ name: 'priority', head: t('incidents.priority'), width: '5.5rem', sort: 'priority', cell: (i) => <Priority is={i.priority} why={i.priority_why} /> },
						{ name: 'title', head: t('incidents.title'), cell: (i) => <span title={saidText(i.title)}><Said text={i.title} /></span> },
						{ name: 'state', head: t('incidents.state'), width: '6rem', cell: (i) => word('state', i.state) },
						{ name: 'due', head: t('incidents.clock'), width: '10rem', sort: 'due', cell: (i) => <Due at={i.due} ended={hasEnded(i.state)} /> },
						{ name: 'owner', head: t('incidents.owner'), width: '6rem', hide: 'medium', cell: (i) => <Owner is={i.owner} /> },
						{ name: 'severity', head: t('incidents.severity'), width: '6.5rem', sort: 'severity', hide: 'wide', cell: (i) => <Severity is={i.severity} /> },
						{ name: 'members', head: t('incidents.findings'), width: '6rem', number: true, hide: 'wide', cell: (i) => number(i.findings + i.reports) },
						{ name: 'changed', head: t('incidents.changed.head'), width: '8.5rem', sort: 'changed', hide: 'wide', cell: (i) => <Time at={i.changed} as="relative" /> },
						{ name: 'tlp', head: 'TLP', width: '8rem', hide: 'medium', cell: (i) => <Label tlp={i.tlp} /> },
					]} />}
			</div>
		</div>
	);
}

export function Nothing() {
	if (filtered())
		return <Empty title={t('incidents.none.filtered')} action={{ label: t('incidents.clear'), run: clear }} />;
	return (
		<Empty title={t('incidents.none')} text={t('incidents.none.help')} command="vedette incident group --db vedette.db"
			action={may('analyst') ? { label: t('incidents.group'), run: () => ask({ do: 'group' }) } : undefined} />
	);
}

export default function Incidents() {
	const board = query('view') !== 'list';
	const what = query('do');
	const shut = () => ask({ do: '' }, { replace: true });

	useKeys([
		{ keys: 'v', help: 'keys.incidents.view', run: () => ask({ view: board ? 'list' : '' }) },
		{ keys: 'n', help: 'keys.incidents.new', run: () => may('analyst') && ask({ do: 'new' }) },
	]);
	return (
		<div class="page whole">
			<header class="page-head">
				<h1>{t('nav.incidents')}</h1>
				<div class="switch" role="group" aria-label={t('incidents.view')}>
					<button type="button" aria-pressed={board} onClick={() => ask({ view: '' })}>{t('incidents.board')}</button>
					<button type="button" aria-pressed={!board} onClick={() => ask({ view: 'list' })}>{t('incidents.list')}</button>
				</div>
				{may('analyst') && <button type="button" onClick={() => ask({ do: 'group' })}>{t('incidents.group')}</button>}
				{may('analyst') && <button type="button" class="main" onClick={() => ask({ do: 'new' })}><Icon name="plus" />{t('incidents.new')}</button>}
			</header>
			<Bar board={board} />
			{board ? <Board filters={filters()} nothing={<Nothing />} /> : <List />}
			<NewIncident open={what === 'new'} close={shut} then={(n) => go(to('incidents', n))} />
			<Grouping open={what === 'group'} close={shut} />
		</div>
	);
}
