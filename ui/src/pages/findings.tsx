// SPDX-License-Identifier: GPL-3.0-or-later
/* findings.tsx - everything that was found: filtered as one types, counted by facet, taken
 * on in bulk.
 *
 *   Findings 1,204 | filter box                      | order | saved
 *   facets         | rows, as many as there are      |
 *                  | 3 selected: incident mute export|
 *
 * All of the question is in the address. New findings come in at once while the list stands
 * at its top and nothing is selected; else a button says that there are some. */
import { signal, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { useList, type Schema } from '../api';
import { useKeys } from '../keys';
import { useLive } from '../live';
import { Empty } from '../parts/empty';
import { Facets, type FacetGroup } from '../parts/facets';
import { FaultView } from '../parts/fault';
import { Filter } from '../parts/filter';
import { Icon } from '../parts/icon';
import { Label } from '../parts/label';
import { Skeleton } from '../parts/loading';
import { atLeast, Severity, SeverityShape, severities } from '../parts/severity';
import { Name, Said, saidText, visibleText } from '../parts/subject';
import { Table, type Column } from '../parts/table';
import { Time } from '../parts/when';
import { ask, place, query, to } from '../router';
import { narrow } from '../state';
import { locale, number, rich, t, word } from '../text';
import { FindingsBulk } from './findings-bulk';
import { SavedFilters } from './findings-saved';

export type Row = Schema['finding_row'];
type Counts = Schema['facets'];

/* What may be in the address; "run" and others come from links of other pages. */
const filters = ['text', 'severity', 'area', 'rule', 'label', 'state', 'kind', 'subject', 'begins', 'holds',
	'under', 'zone', 'related', 'since', 'until', 'run', 'incident', 'order'] as const;

function asked(): Record<string, string> {
	const is: Record<string, string> = {};

	for (const name of filters) {
		const value = query(name);
		if (value)
			is[name] = value;
	}
	return is;
}

function groups(counts: Counts | undefined): FacetGroup[] {
	const of = (name: 'area' | 'label' | 'kind' | 'state') => (counts?.[name] ?? [])
		.map((v) => ({ value: v.value, count: v.count }));
	const by = new Map((counts?.severity ?? []).map((v) => [v.value, v.count]));
	let sum = 0;
	/* the filter is "at least so severe": each counts with those above it */
	const least = [...severities].reverse().map((s) => {
		sum += by.get(s) ?? 0;
		return { value: s, own: by.get(s) ?? 0, count: sum,
			label: <span class="sev"><SeverityShape is={s} />{atLeast(s)}</span> };
	}).filter((v) => (v.own && v.value !== 'info') || query('severity') === v.value);

	return [
		{ name: 'severity', title: t('findings.severity'), values: least, picked: query('severity') },
		{ name: 'area', title: t('findings.area'), picked: query('area'),
		  values: of('area').map((v) => ({ ...v, label: word('area', v.value) })) },
		{ name: 'rule', title: t('findings.rule'), picked: query('rule'),
		  values: [...(counts?.rule ?? [])].sort((a, b) => b.count - a.count).slice(0, 30)
			.map((v) => ({ value: v.value, count: v.count, label: v.title, title: v.value })) },
		{ name: 'state', title: t('findings.state'), picked: query('state'),
		  values: of('state').map((v) => ({ ...v, label: v.value === 'none' ? t('findings.no-incident') : word('state', v.value) })) },
		{ name: 'kind', title: t('findings.kind'), picked: query('kind'),
		  values: of('kind').map((v) => ({ ...v, label: word('kind', v.value) })) },
		{ name: 'label', title: t('findings.label'), picked: query('label'), values: of('label').map((v) => ({ ...v, label: v.value })) },
	];
}

/* Filters that are no facet, with a way to take each away. */
function Chips() {
	const is = filters.filter((f) => !['text', 'order', 'severity', 'area', 'rule', 'label', 'state', 'kind'].includes(f) && query(f));

	return is.length ? (
		<ul class="chips" aria-label={t('findings.also')}>
			{is.map((f) => (
				<li key={f} class="chip">
					<span class="quiet">{word('findings.by', f)}</span>
					{f === 'since' || f === 'until' ? <Time at={query(f)} as="minutes" /> : <Name text={query(f)} />}
					<button type="button" class="plain icon-only" aria-label={t('findings.without', { what: visibleText(query(f)) })}
						onClick={() => ask({ [f]: '' })}><Icon name="close" /></button>
				</li>
			))}
		</ul>
	) : null;
}

function Incident(props: { row: Row }) {
	const { incident, incident_state: state } = props.row;

	return incident
		? <a href={to('incidents', incident)} title={word('state', state ?? '')}>#{incident} <span class="quiet">{word('state', state ?? '')}</span></a>
		: <span class="quiet" aria-label={t('findings.no-incident')}>–</span>;
}

/* A fault that several audits found stands once, by the last of them. */
function When(props: { row: Row }) {
	const { until, first, times } = props.row;

	return (
		<>
			<Time at={until} />
			{times > 1 && <><br /><span class="quiet">{t('findings.times', { n: times })} <Time at={first} /></span></>}
		</>
	);
}

function columns(): Column<Row>[] {
	return [
		{ name: 'severity', head: t('findings.severity'), width: '6rem', sort: 'severity', cell: (f) => <Severity is={f.severity} /> },
		{ name: 'subject', head: t('findings.subject'), width: '13rem', sort: 'subject',
		  cell: (f) => <a class="subject" href={to('findings', f.id)} title={visibleText(f.subject)}><Name text={f.subject} /></a> },
		{ name: 'title', head: t('findings.rule'), width: '13rem', hide: 'wide', cell: (f) => <span title={f.rule}>{f.title}</span> },
		/* without a column of its own the rule begins the sentence */
		{ name: 'sentence', head: t('findings.sentence'), cell: (f) => <span class="quiet" title={`${f.title} (${f.rule})\n${saidText(f.said)}`}><span class="rule-inline">{f.title} · </span><Said text={f.said} /></span> },
		{ name: 'incident', head: t('findings.incident'), width: '6rem', hide: 'medium', cell: (f) => <Incident row={f} /> },
		{ name: 'label', head: t('findings.label'), width: '8.5rem', hide: 'wide', cell: (f) => <Label tlp={f.tlp} /> },
		{ name: 'time', head: t('findings.time'), width: '8rem', sort: 'time', cell: (f) => <When row={f} /> },
	];
}

const card = (f: Row) => (
	<div class="finding-card">
		<Severity is={f.severity} bare /><a class="subject" href={to('findings', f.id)}><Name text={f.subject} /></a>
		<span class="quiet"><When row={f} /></span>
		<p class="quiet">{rich('colon', { what: f.title, why: <Said text={f.said} /> })}</p>
	</div>
);

/* What is selected outlives a change of the filter, so that one can gather. */
const picked = signal<ReadonlySet<string>>(new Set());
const showFacets = signal(false);

function Nothing() {
	const narrowed = filters.some((f) => f !== 'order' && query(f));

	return narrowed
		? <Empty title={t('findings.none')} text={t('findings.none.help')} action={{ label: t('findings.all'), href: '/findings' }} />
		: <Empty title={t('findings.empty')} text={t('findings.empty.help')} command="vedette observe --db vedette.db FILE.pcap" />;
}

export default function Findings() {
	const is = asked();
	const list = useList<'/api/v1/findings', Row>('/api/v1/findings', { query: { ...is, limit: 60 } as never }, { facets: 'true' });
	const heads = useMemo(columns, [locale()]);
	const waiting = useSignal(false);
	const total = list.first?.total as number | undefined;
	const counts = list.first?.facets as Counts | undefined;
	const facets = useMemo(() => groups(counts), [counts, place.value, t('findings.severity')]);
	const order = query('order') || 'severity';

	useLive((e) => e.kind === 'findings', () => {
		const top = document.querySelector('.table-box.fill')?.scrollTop ?? 0;

		if (top === 0 && picked.value.size === 0)
			list.again();
		else
			waiting.value = true;
	}, 1000);
	useEffect(() => () => { picked.value = new Set(); }, []);
	useKeys([
		{ keys: 'Escape', help: 'findings.unpick', run: () => { picked.value = new Set(); } },
		{ keys: 'r', help: 'findings.again', run: () => list.again() },
	]);
	const chosen = () => (list.data ?? []).filter((f) => picked.value.has(f.id));

	return (
		<div class="page whole findings">
			<header class="page-head">
				<h1>{t('nav.findings')} {total !== undefined && <span class="count" aria-live="polite">{number(total)}</span>}</h1>
			</header>
			<div class="line tools">
				<button type="button" class="facets-button" aria-expanded={showFacets.value} aria-label={t('findings.facets')}
					onClick={() => { showFacets.value = !showFacets.value; }}><Icon name="filter" /></button>
				<Filter value={query('text')} label={t('findings.filter')} hint={t('findings.filter.hint')} busy={list.busy && !!list.data}
					change={(text) => ask({ text }, { replace: true })} />
				<SavedFilters names={filters} />
			</div>
			<Chips />
			<div class={`findings-body ${showFacets.value ? 'with-facets' : ''}`}>
				<Facets label={t('findings.facets')} groups={facets} pick={(name, value) => { ask({ [name]: value }); if (narrow.value) showFacets.value = false; }} />
				<div class="findings-list">
					{waiting.value && (
						<button type="button" class="fresh" onClick={() => { waiting.value = false; list.again(); document.querySelector('.table-box.fill')?.scrollTo(0, 0); }}>
							<Icon name="up" />{t('findings.fresh')}
						</button>
					)}
					{list.fault ? <FaultView fault={list.fault} again={list.again} />
						: !list.data ? list.slow && <Skeleton rows={20} />
						: !list.data.length ? <Nothing />
						: <Table fill keys label={t('nav.findings')} rows={list.data} columns={heads} id={(f) => f.id} total={total}
							href={(f) => to('findings', f.id)} card={card} more={list.more} selected={picked}
							sort={{ by: order, down: order !== 'subject', change: (by) => ask({ order: by === 'severity' ? '' : by }) }} />}
				</div>
			</div>
			<FindingsBulk picked={picked} rows={chosen} done={list.again} />
		</div>
	);
}
