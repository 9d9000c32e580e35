// SPDX-License-Identifier: GPL-3.0-or-later
/* overview.tsx - the whole at a glance, for who comes on shift: what is new, the eight areas
 * of DNS security this week against the one before, findings over time, incidents by clock,
 * and what the sensors saw and lost. Everything leads to the list behind it. */
import { useSignal } from '@preact/signals';
import { send, useGet, type Schema } from '../api';
import { useLive } from '../live';
import { Legend } from '../parts/chart';
import { Empty } from '../parts/empty';
import { FaultView } from '../parts/fault';
import { Skeleton } from '../parts/loading';
import { OverTime, severitySeries, sum } from '../parts/overtime';
import { severities, SeverityShape, Tally } from '../parts/severity';
import { Name } from '../parts/subject';
import { Table } from '../parts/table';
import { bad } from '../parts/toast';
import { Time } from '../parts/when';
import { ask, query } from '../router';
import { number, short, t, word } from '../text';
import { isTime, relative, span, stamp } from '../time';

type Glance = Schema['overview'];
type Area = Schema['overview_area'];
type Run = Schema['run'];

const worst = (n: readonly number[]) => { for (let i = 4; i >= 0; i--) if (n[i]) return severities[i]!; return null; };

function Fresh(props: { g: Glance; again: () => void }) {
	const { fresh } = props.g, findings = sum(fresh.findings);
	const nothing = !findings && !fresh.incidents_opened && !fresh.incidents_changed;
	const seen = () => { send('POST', '/api/v1/overview/looked').then(props.again, bad); };

	return (
		<section class="box fresh-box" aria-label={t('overview.fresh')}>
			<span class="quiet">{isTime(fresh.since) ? t('overview.since', { when: relative(stamp(fresh.since)) }) : t('overview.never')}</span>
			{nothing ? <strong>{t('overview.nothing-new')}</strong> : (
				<>
					<a href="/findings?order=time"><strong>{t('overview.new-findings', { n: findings })}</strong></a>
					<Tally of={fresh.findings} />
					{fresh.incidents_opened > 0 && <a href="/incidents?order=opened">{t('overview.opened', { n: fresh.incidents_opened })}</a>}
					{fresh.incidents_changed > 0 && <a href="/incidents?order=changed">{t('overview.changed', { n: fresh.incidents_changed })}</a>}
				</>
			)}
			{!nothing && <button type="button" onClick={seen}>{t('overview.seen')}</button>}
		</section>
	);
}

function Bar(props: { n: readonly number[]; most: number }) {
	let x = 0;

	return (
		<svg class="area-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
			{[4, 3, 2, 1, 0].map((i) => {
				const width = (props.n[i]! / props.most) * 100, at = x;
				x += width;
				return width > 0 && <rect key={i} x={at} y="0" width={Math.max(width, 0.8)} height="6" fill={`var(--sev-${severities[i]})`} />;
			})}
		</svg>
	);
}

function Change(props: { week: number; before: number }) {
	const by = props.week - props.before;

	return by === 0 ? <span class="quiet" title={t('overview.same')}><span aria-hidden="true">±0</span><span class="unseen"> {t('overview.same')}</span></span>
		: <span class={by > 0 ? 'ink-up' : 'ink-down'} title={t('overview.than-before', { n: (by > 0 ? '+' : '−') + number(Math.abs(by)) })}>
			<span aria-hidden="true">{by > 0 ? '▲' : '▼'} {short(Math.abs(by))}</span>
			<span class="unseen">{t('overview.than-before', { n: (by > 0 ? '+' : '−') + number(Math.abs(by)) })}</span>
		</span>;
}

function Areas(props: { areas: Area[] }) {
	const most = Math.max(1, ...props.areas.map((a) => sum(a.all)));

	return (
		<section aria-label={t('overview.areas')}>
			<ul class="areas">
				{props.areas.map((a) => {
					const all = sum(a.all), is = worst(a.all);

					return (
						<li key={a.area}>
							<a href={'/findings?area=' + a.area} class="area">
								<span class="area-name">{is ? <SeverityShape is={is} /> : <span class="area-none" aria-hidden="true" />}{word('area', a.area)}</span>
								<span class="area-number">{short(all)}<span class="unseen"> {t('overview.findings')}</span></span>
								<Bar n={a.all} most={most} />
								<span class="area-foot wide-only">{all ? <Tally of={a.all} /> : <span class="quiet">{t('overview.area.none')}</span>}</span>
								<span class="area-foot"><span class="quiet">{t('overview.week', { n: short(sum(a.week)) })}</span><Change week={sum(a.week)} before={sum(a.before)} /></span>
							</a>
						</li>
					);
				})}
			</ul>
		</section>
	);
}

const ranges = { day: 1, week: 7, fortnight: 14, quarter: 90 } as const;

function Timeline(props: { g: Glance }) {
	const { timeline } = props.g;
	const range = (query('range') || 'fortnight') as keyof typeof ranges;

	return (
		<section class="box">
			<div class="box-head">
				<h2>{t('overview.timeline')}</h2>
				<Legend series={severitySeries(timeline).reverse()} />
				<div class="segments" role="group" aria-label={t('overview.range')}>
					{(Object.keys(ranges) as (keyof typeof ranges)[]).map((r) => (
						<button type="button" key={r} aria-pressed={r === range} onClick={() => ask({ range: r === 'fortnight' ? '' : r })}>{word('range', r)}</button>
					))}
				</div>
			</div>
			{timeline.counts.some((c) => sum(c)) ? <OverTime timeline={timeline} height={190} />
				: <Empty title={t('overview.timeline.none')} text={t('overview.timeline.none.help')} />}
		</section>
	);
}

function Clocks(props: { g: Glance }) {
	const i = props.g.incidents;
	const rows = [
		{ name: 'overdue', n: i.overdue, href: '/incidents?overdue=true', class: i.overdue ? 'ink-bad' : '' },
		{ name: 'soon', n: i.soon, href: '/incidents?open=true&order=due', class: i.soon ? 'ink-due' : '' },
		{ name: 'later', n: i.later, href: '/incidents?open=true&order=due', class: '' },
		{ name: 'no_clock', n: i.no_clock, href: '/incidents?open=true', class: '' },
	];

	return (
		<section class="box">
			<div class="box-head"><h2>{t('overview.incidents')}</h2><a href="/incidents?open=true">{t('overview.open', { n: i.open })}</a></div>
			{sum(i.states.map((s) => s.count)) === 0
				? <Empty title={t('overview.incidents.none')} text={t('overview.incidents.none.help')} command="vedette incident group --db vedette.db" />
				: (
					<>
						<ul class="clocks">
							{rows.map((r) => <li key={r.name}><a href={r.href}><span class={`clock-number ${r.class}`}>{short(r.n)}</span><span>{word('clock', r.name)}</span></a></li>)}
						</ul>
						<ul class="line states">
							{i.states.map((s) => <li key={s.value}><a class="chip" href={'/incidents?state=' + s.value}>{word('state', s.value)} <strong>{short(s.count)}</strong></a></li>)}
						</ul>
					</>
				)}
		</section>
	);
}

const inputOf = (r: Run) => {
	const input = r.inputs?.[0];

	return <>{input ? <Name text={input.name.split('/').pop() || input.name} /> : <span class="quiet">–</span>}
		{(r.inputs?.length ?? 0) > 1 && <span class="quiet"> +{r.inputs!.length - 1}</span>}</>;
};
const lostOf = (r: Run) => {
	const part = r.read ? r.lost / r.read : 0;

	return r.lost ? <span class={part >= 0.001 ? 'chip chip-due' : 'quiet'}>{number(part, { style: 'percent', maximumFractionDigits: 2 })}</span> : <span class="quiet">0</span>;
};
const limitsOf = (r: Run) => r.limits ? <span class="chip chip-due">{short(r.limits)}</span> : <span class="quiet">0</span>;
const endOf = (r: Run) => !r.ended && <span class="chip chip-due">{t('overview.unfinished')}</span>;
const readOf = (r: Run) => <>{short(r.read)} <span class="quiet">{word('unit', r.unit)}</span></>;

function Sensors(props: { g: Glance }) {
	const { runs } = props.g;

	return (
		<section class="box">
			<div class="box-head"><h2>{t('overview.sensors')}</h2><span class="quiet">{t('overview.sensors.help')}</span></div>
			{runs.length ? (
				<Table label={t('overview.sensors')} rows={runs} id={(r) => String(r.number)} href={(r) => `/findings?run=${r.number}`}
					card={(r) => <div class="row-card"><div class="line"><a href={`/findings?run=${r.number}`}>#{r.number}</a><span class="cut">{inputOf(r)}</span>{endOf(r)}</div>
						<div class="line quiet"><Time at={r.started} /><span>{readOf(r)}</span><span>{t('overview.lost')} {lostOf(r)}</span><span>{t('overview.limits')} {limitsOf(r)}</span></div></div>}
					columns={[
						{ name: 'run', head: t('overview.run'), cell: (r) => <span class="line"><a href={`/findings?run=${r.number}`}>#{r.number}</a>{endOf(r)}</span> },
						{ name: 'input', head: t('overview.input'), cell: (r) => <div class="run-input">{inputOf(r)}</div> },
						{ name: 'when', head: t('overview.when'), cell: (r) => <Time at={r.started} /> },
						{ name: 'span', head: t('overview.span'), hide: 'medium', cell: (r) => isTime(r.from) && isTime(r.until) ? span(stamp(r.until).getTime() - stamp(r.from).getTime()) : '–' },
						{ name: 'read', head: t('overview.read'), number: true, cell: readOf },
						{ name: 'lost', head: t('overview.lost'), number: true, cell: lostOf },
						{ name: 'limits', head: t('overview.limits'), help: t('overview.limits.help'), number: true, cell: limitsOf },
					]} />
			) : <Empty title={t('overview.sensors.none')} command="vedette observe --db vedette.db FILE.pcap" />}
		</section>
	);
}

export default function Overview() {
	const range = query('range') as keyof typeof ranges;
	const now = useSignal('');
	const since = now.value && range in ranges && range !== 'fortnight' as string
		? new Date(Date.parse(now.value) - ranges[range] * 86400000).toISOString().slice(0, 19) + 'Z' : '';
	const asked = useGet('/api/v1/overview', { query: since ? { since } : {} });
	const g = asked.data as Glance | undefined;

	if (g && g.now.slice(0, 13) !== now.value.slice(0, 13))	// an old store is looked at as of its own time
		now.value = g.now;
	useLive((e) => e.kind === 'findings' || e.about.startsWith('incident:'), asked.again, 2000);
	if (asked.fault)
		return <FaultView fault={asked.fault} again={asked.again} />;
	if (!g)
		return asked.slow ? <Skeleton rows={14} /> : null;
	if (!g.total && !g.runs.length)
		return <Empty title={t('overview.empty')} text={t('overview.empty.help')} command={'vedette observe --db vedette.db FILE.pcap\nvedette verify zone --db vedette.db example.zone'} />;
	return (
		<div class="page overview">
			<h1 class="unseen">{t('nav.overview')}</h1>
			<Fresh g={g} again={asked.again} />
			<Areas areas={g.areas} />
			<div class="overview-two"><Timeline g={g} /><Clocks g={g} /></div>
			<Sensors g={g} />
		</div>
	);
}
