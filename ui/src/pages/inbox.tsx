// SPDX-License-Identifier: GPL-3.0-or-later
/* inbox.tsx - reports from outside, so that the genuine ones are not missed in the noise.
 *
 *   heaps   new reports by what weighs most, genuine first: a heap is decided at once
 *   list    every report with its weight; x selects, "all that fit" takes the whole filter
 *
 * What a decision takes is shown before it is done, and can be undone (inbox/decide.tsx). */
import { useSignal, type Signal } from '@preact/signals';
import { get, useGet, useList, type Schema } from '../api';
import { useKeys } from '../keys';
import { useLive } from '../live';
import { Empty } from '../parts/empty';
import { Facets } from '../parts/facets';
import { FaultView } from '../parts/fault';
import { Filter } from '../parts/filter';
import { Icon } from '../parts/icon';
import { Skeleton } from '../parts/loading';
import { Name, Said } from '../parts/subject';
import { Table } from '../parts/table';
import { bad } from '../parts/toast';
import { Time } from '../parts/when';
import { ask, query, to } from '../router';
import { may, narrow, slim } from '../state';
import { number, t, word } from '../text';
import { AddReport, abuses } from './inbox/add';
import { Decide, type Choice, type Heap, type Report } from './inbox/decide';
import { Weight } from './inbox/weight';

type Triage = Schema['triage'];
type Deciding = { heap: Heap; first: Choice; why?: string } | null;
const piles = ['genuine', 'doubtful', 'noise'] as const;
const states = ['new', 'accepted', 'duplicate', 'noise', 'answered'] as const;
const names = ['text', 'state', 'abuse', 'fact', 'order'] as const;

function HeapRow(props: { is: Triage['heaps'][number]; decide: (d: Deciding) => void }) {
	const h = props.is;
	const open = (first: Choice) => props.decide({ heap: h, first, why: h.fact ? word('fact', h.fact) : '' });

	return (
		<li class="heap">
			<span class="heap-count">{number(h.count)}</span>
			<div class="heap-what">
				<strong>{h.fact ? word('fact', h.fact) : t('inbox.particular')}</strong>
				<p class="quiet cut">{h.examples.slice(0, 3).map((r, i) => <span key={r.number}>{i ? ', ' : ''}<a href={to('inbox', r.number)}><Name text={r.subject || r.title} /></a></span>)}{h.count > 3 && ' …'}</p>
			</div>
			<div class="line">
				{h.fact && <button type="button" class="plain" onClick={() => ask({ view: 'list', fact: h.fact, state: 'new' })}>{t('inbox.look')}</button>}
				{may('analyst') && h.pile === 'noise' && <button type="button" onClick={() => open('noise')}>{t('inbox.asnoise')}</button>}
				{may('analyst') && h.pile !== 'noise' && <button type="button" class={h.pile === 'genuine' ? 'main' : ''} onClick={() => open('each')}>{t('inbox.accept')}</button>}
				{may('analyst') && h.pile === 'doubtful' && <button type="button" class="plain" onClick={() => open('noise')}>{t('inbox.asnoise')}</button>}
			</div>
		</li>
	);
}

function Heaps(props: { is: Triage; decide: (d: Deciding) => void }) {
	const { is } = props;

	if (!is.all)
		return <Empty title={t('inbox.none')} text={t('inbox.none.help')} command="vedette inbox add --db vedette.db abuse-mailbox/"
			action={may('analyst') ? { label: t('inbox.add'), run: () => ask({ do: 'add' }) } : undefined} />;
	return (
		<div class="stack-wide">
			<div class="piles" role="img" aria-label={piles.map((p) => `${word('pile', p)} ${number(is[p])}`).join(', ')}>
				{piles.filter((p) => is[p] > 0).map((p) => <span key={p} class={`pile pile-${p}`} style={{ flexGrow: is[p] }} />)}
			</div>
			{piles.map((p) => {
				const heaps = is.heaps.filter((h) => h.pile === p);

				return (
					<section key={p} class="box" aria-label={word('pile', p)}>
						<div class="box-head"><h2><span class={`pile-mark pile-${p}`} aria-hidden="true" />{word('pile', p)} <span class="quiet">{number(is[p])}</span></h2><p class="quiet">{t(`pile.${p}.help`)}</p></div>
						{heaps.length ? <ul class="entries">{heaps.map((h) => <HeapRow key={h.fact + h.set} is={h} decide={props.decide} />)}</ul> : <p class="quiet">{t('inbox.pile.none')}</p>}
					</section>
				);
			})}
		</div>
	);
}

function filters() {
	const f: Record<string, string> = {};

	for (const n of ['text', 'state', 'abuse', 'fact'] as const)
		if (query(n))
			f[n] = query(n);
	return f;
}
const clear = () => ask(Object.fromEntries(names.map((n) => [n, ''])));

function Card(props: { is: Report }) {
	const r = props.is;

	return (
		<div class="row-card">
			<div class="line"><Weight is={r.weight} /><strong class="cut"><Name text={r.subject || r.title} /></strong></div>
			<div class="line quiet"><span>{word('report', r.state)}</span><span>{r.abuse && word('abuse', r.abuse)}</span><Time at={r.received} as="relative" /><Name class="cut" text={r.sender} /></div>
		</div>
	);
}

function Picked(props: { rows: Report[]; picked: Signal<ReadonlySet<string>>; all: () => void; decide: (d: Deciding) => void; end: boolean }) {
	const chosen = props.rows.filter((r) => props.picked.value.has(String(r.number)));

	return (
		<div class="picked-bar" role="toolbar" aria-label={t('incidents.picked', { n: chosen.length })}>
			<strong>{t('incidents.picked', { n: chosen.length })}</strong>
			<button type="button" onClick={() => props.decide({ heap: { count: chosen.length, set: chosen.map((r) => r.number).sort((a, b) => a - b).join(','), examples: chosen.slice(0, 10) }, first: 'each' })}>{t('inbox.decide')} …</button>
			{!props.end && chosen.length === props.rows.length && <button type="button" onClick={props.all}>{t('inbox.allfit')}</button>}
			<button type="button" class="plain" onClick={() => { props.picked.value = new Set(); }}>{t('incidents.unpick')}</button>
		</div>
	);
}

function Body(props: { list: ReturnType<typeof useReports>; picked: Signal<ReadonlySet<string>> }) {
	const { list } = props;

	if (list.fault)
		return <FaultView fault={list.fault} again={list.again} />;
	if (!list.data)
		return list.slow ? <Skeleton rows={20} /> : null;
	if (!list.data.length)
		return <Empty title={t('inbox.none.filtered')} action={{ label: t('incidents.clear'), run: clear }} />;
	return (
		<Table fill keys label={t('nav.inbox')} rows={list.data} id={(r) => String(r.number)} href={(r) => to('inbox', r.number)} more={list.more}
			card={(r) => <Card is={r} />} selected={may('analyst') && !narrow.value ? props.picked : undefined}
			columns={[
				{ name: 'weight', head: t('inbox.weight'), width: '7.5rem', cell: (r) => <Weight is={r.weight} /> },
				{ name: 'subject', head: t('incidents.subject'), width: '18rem', cell: (r) => <Name text={r.subject || '–'} /> },
				{ name: 'title', head: t('incidents.title'), hide: 'medium', cell: (r) => <Said text={r.title} /> },
				{ name: 'abuse', head: t('inbox.abuse'), width: '6rem', cell: (r) => r.abuse ? word('abuse', r.abuse) : <span class="quiet">–</span> },
				{ name: 'sender', head: t('inbox.sender'), width: '12rem', hide: 'wide', cell: (r) => <Name text={r.sender || '–'} /> },
				{ name: 'copies', head: t('inbox.copies'), width: '5rem', number: true, hide: 'wide', cell: (r) => r.copies || '' },
				{ name: 'state', head: t('incidents.state'), width: '7rem', cell: (r) => r.incident ? <a href={to('incidents', r.incident)}>{t('inbox.in', { number: String(r.incident) })}</a> : word('report', r.state) },
				{ name: 'received', head: t('inbox.received'), width: '8.5rem', hide: 'medium', cell: (r) => <Time at={r.received} as="relative" /> },
			]} />
	);
}

const useReports = () => useList('/api/v1/reports', { query: { ...filters(), order: (query('order') || 'weight') as 'weight', limit: 100 } });

function List(props: { decide: (d: Deciding) => void; turn: number }) {
	const list = useReports();
	const known = useGet('/api/v1/inbox/facts');
	const picked = useSignal<ReadonlySet<string>>(new Set());
	const all = () => {
		get('/api/v1/reports/set', { query: filters() as never }).then((heap) => props.decide({ heap, first: 'noise' }), bad);
	};

	useLive((e) => e.kind.startsWith('report.'), list.again, 1500);
	return (
		<>
			<div class="filters" role="search" aria-label={t('incidents.narrow')}>
				<Filter label={t('inbox.filter')} value={query('text')} change={(text) => ask({ text }, { replace: true })} busy={list.busy} />
				<div class="line">
					<select aria-label={t('incidents.order')} value={query('order') || 'weight'} onChange={(e) => ask({ order: e.currentTarget.value })}>
						{['weight', 'received', 'number'].map((o) => <option key={o} value={o}>{word('inbox.order', o)}</option>)}
					</select>
					{slim.value && <select aria-label={t('incidents.state')} value={query('state')} onChange={(e) => ask({ state: e.currentTarget.value })}>
						<option value="">{t('inbox.state.any')}</option>{states.map((s) => <option key={s} value={s}>{word('report', s)}</option>)}</select>}
					{names.some((n) => n !== 'order' && query(n)) && <button type="button" class="plain" onClick={clear}>{t('incidents.clear')}</button>}
					{may('analyst') && !!list.data?.length && <button type="button" class="plain" onClick={all}>{t('inbox.decide.all')} …</button>}
				</div>
			</div>
			<div class="sided">
				{!slim.value && (
					<div class="sided-side">
						<Facets label={t('incidents.narrow')} pick={(name, value) => ask({ [name]: value })} groups={[
							{ name: 'state', title: t('incidents.state'), picked: query('state'), values: states.map((s) => ({ value: s, label: word('report', s) })) },
							{ name: 'abuse', title: t('inbox.abuse'), picked: query('abuse'), values: abuses.map((a) => ({ value: a, label: word('abuse', a) })) },
							{ name: 'fact', title: t('inbox.fact'), picked: query('fact'), values: (known.data?.items ?? []).map((f) => ({ value: f.fact, label: word('fact', f.fact), title: f.text })) },
						]} />
					</div>
				)}
				<div class="sided-main">
					{picked.value.size > 0 && list.data && <Picked rows={list.data} picked={picked} all={all} end={list.end} decide={props.decide} />}
					<Body list={list} picked={picked} />
				</div>
			</div>
		</>
	);
}

export default function Inbox() {
	const list = query('view') === 'list';
	const triage = useGet('/api/v1/inbox/triage');
	const deciding = useSignal<Deciding>(null);
	const turn = useSignal(0);
	const decide = (d: Deciding) => { deciding.value = d; };

	useLive((e) => e.kind.startsWith('report.'), triage.again, 2000);
	useKeys([
		{ keys: 'v', help: 'keys.inbox.view', run: () => ask({ view: list ? '' : 'list' }) },
		{ keys: 'n', help: 'keys.inbox.add', run: () => may('analyst') && ask({ do: 'add' }) },
	]);
	return (
		<div class={`page ${list ? 'whole' : ''}`}>
			<header class="page-head">
				<h1>{t('nav.inbox')}{triage.data && <span class="count">{t('inbox.fresh', { n: triage.data.all })}</span>}</h1>
				<div class="switch" role="group" aria-label={t('incidents.view')}>
					<button type="button" aria-pressed={!list} onClick={() => ask({ view: '' })}>{t('inbox.heaps')}</button>
					<button type="button" aria-pressed={list} onClick={() => ask({ view: 'list' })}>{t('incidents.list')}</button>
				</div>
				{may('analyst') && <button type="button" onClick={() => ask({ do: 'add' })}><Icon name="plus" />{t('inbox.add')}</button>}
			</header>
			{list ? <List key={turn.value} turn={turn.value} decide={decide} />
			: triage.fault ? <FaultView fault={triage.fault} again={triage.again} />
			: triage.data ? <Heaps is={triage.data} decide={decide} /> : triage.slow ? <Skeleton rows={12} /> : null}
			{deciding.value && <Decide {...deciding.value} close={() => { deciding.value = null; }} done={() => { turn.value++; triage.again(); }} />}
			<AddReport open={query('do') === 'add'} close={() => ask({ do: '' }, { replace: true })} done={() => { turn.value++; triage.again(); }} />
		</div>
	);
}
