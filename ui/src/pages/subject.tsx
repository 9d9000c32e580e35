// SPDX-License-Identifier: GPL-3.0-or-later
/* subject.tsx - one domain, address, zone or anything else: all that the store knows of it,
 * for who asks "have we seen this before?". A domain stands for the names below it too. */
import type { ComponentChildren } from 'preact';
import { useGet, type Schema } from '../api';
import { useLive } from '../live';
import { Empty } from '../parts/empty';
import { FaultView } from '../parts/fault';
import { Label } from '../parts/label';
import { Skeleton } from '../parts/loading';
import { OverTime } from '../parts/overtime';
import { Severity, Tally } from '../parts/severity';
import { Name, Said, visibleText } from '../parts/subject';
import { Time } from '../parts/when';
import { to } from '../router';
import { useHeading } from '../shell';
import { number, short, t, word } from '../text';
import { isTime, relative, stamp } from '../time';

type Known = Schema['subject'];
type Row = Schema['finding_row'];

/* The filter of the list that shows the same findings. */
function filter(k: Known): string {
	return (k.kind === 'domain' ? 'under=' : k.kind === 'zone' ? 'zone=' : 'subject=') + encodeURIComponent(k.value);
}

function Found(props: { title: string; is: { total: number; items: Row[] }; href: string; about: string }) {
	const { is } = props;

	return (
		<section class="box">
			<div class="box-head"><h2>{props.title} <span class="count">{number(is.total)}</span></h2>{is.total > is.items.length && <a href={props.href}>{t('subject.all', { n: is.total })}</a>}</div>
			{is.items.length ? (
				<ul class="rows">
					{is.items.map((f) => (
						<li key={f.id}>
							<Severity is={f.severity} bare />
							<a href={to('findings', f.id)}>{f.title}{f.subject !== props.about && <> <Name text={f.subject} /></>}</a>
							<span class="row-said quiet" title={visibleText(f.said)}><Said text={f.said} /></span>
							{f.incident ? <a class="quiet" href={to('incidents', f.incident)}>#{f.incident}</a> : <span />}
							<span class="quiet"><Time at={f.until} /></span>
						</li>
					))}
				</ul>
			) : <p class="quiet">{t('subject.none')}</p>}
		</section>
	);
}

function Part(props: { title: string; n: number; none: string; children: ComponentChildren }) {
	return (
		<section class="box">
			<h2>{props.title} {props.n > 0 && <span class="count">{number(props.n)}</span>}</h2>
			{props.n ? <ul class="stack">{props.children}</ul> : <p class="quiet">{props.none}</p>}
		</section>
	);
}

function Rules(props: { k: Known }) {
	const rules = [...props.k.rules].sort((a, b) => b.count - a.count), most = Math.max(1, rules[0]?.count ?? 1);

	return (
		<Part title={t('subject.rules')} n={rules.length} none={t('subject.none')}>
			{rules.slice(0, 12).map((r) => (
				<li key={r.value}>
					<a class="rule-bar" href={`/findings?${filter(props.k)}&rule=${encodeURIComponent(r.value)}`} title={r.value}>
						<span class="facet-bar" style={{ transform: `scaleX(${r.count / most})` }} aria-hidden="true" />
						<span>{r.title}</span><span class="quiet">{short(r.count)}</span>
					</a>
				</li>
			))}
		</Part>
	);
}

function Aside(props: { k: Known }) {
	const { k } = props;

	return (
		<div class="stack-wide">
			<Part title={t('subject.incidents')} n={k.incidents.length} none={t('subject.incidents.none')}>
				{k.incidents.map((i) => (
					<li key={i.number}>
						<a href={to('incidents', i.number)}>#{i.number} <Said text={i.title} /></a>
						<span class="line quiet"><span class="chip">{word('state', i.state)}</span>{i.owner || t('finding.nobody')}<Time at={i.changed} /></span>
					</li>
				))}
			</Part>
			<Rules k={k} />
			<Part title={t('subject.reports')} n={k.reports.length} none={t('subject.reports.none')}>
				{k.reports.map((r) => (
					<li key={r.number}>
						<a href={to('inbox', r.number)}><Said text={r.title || r.subject} /></a>
						<span class="line quiet"><Name text={r.sender} /><Time at={r.received} /></span>
					</li>
				))}
			</Part>
			<Part title={t('subject.indicators')} n={k.indicators.length} none={t('subject.indicators.none')}>
				{k.indicators.map((i) => (
					<li key={i.id}>
						<span class="line"><Severity is={i.severity} bare /><Said text={i.title} /><Label tlp={i.tlp} /></span>
						<span class="line quiet"><Said text={i.source} />{isTime(i.last_seen) && relative(stamp(i.last_seen))}</span>
					</li>
				))}
			</Part>
			<Part title={t('subject.contacts')} n={k.contacts.length} none={t('subject.contacts.none')}>
				{k.contacts.map((c) => (
					<li key={c.id + c.role}>
						<a href={to('contacts', c.id)}><Said text={c.name || c.id} /></a> <span class="quiet">{word('contact-role', c.role)}</span>
						<span class="line quiet">{c.cover === '.' ? t('contacts.everything') : <Name text={c.cover} />}</span>
					</li>
				))}
			</Part>
		</div>
	);
}

export default function Subject(props: { kind: string; name: string }) {
	const asked = useGet('/api/v1/subjects/{kind}/{value}', { path: { kind: props.kind, value: props.name } });
	const k = asked.data as Known | undefined;

	useHeading(visibleText(props.name));
	useLive((e) => e.kind === 'findings' || e.about.startsWith('incident:'), asked.again, 2000);
	if (asked.fault)
		return <FaultView fault={asked.fault} again={asked.again} />;
	if (!k)
		return asked.slow ? <Skeleton rows={14} /> : null;
	const nothing = !k.findings.total && !k.as_party.total && !k.incidents.length && !k.reports.length && !k.indicators.length;
	return (
		<div class="page subject-page">
			<header class="finding-head">
				<div class="line">
					<span class="quiet">{word('kind', k.kind)}</span>
					{k.kind === 'domain' && <span class="quiet">{t('subject.below')}</span>}
					<Tally of={k.severities} />
				</div>
				<div class="line"><h1><Name text={k.value} /></h1>{k.kind === 'zone' && <a class="button" href={to('zones', k.value)}>{t('subject.audits')}</a>}</div>
			</header>
			{nothing ? <Empty title={t('subject.empty')} text={t('subject.empty.help')} action={{ label: t('subject.search'), href: '/findings?text=' + encodeURIComponent(k.value) }} /> : (
				<div class="finding-body">
					<div class="stack-wide">
						{k.timeline.counts.length > 1 && <section class="box"><h2>{t('overview.timeline')}</h2><OverTime timeline={k.timeline} filter={filter(k) + '&'} height={140} /></section>}
						<Found title={t('subject.findings')} is={k.findings} href={'/findings?' + filter(k)} about={k.value} />
						{k.as_party.total > 0 && <Found title={t('subject.as-party')} is={k.as_party} href={'/findings?related=' + encodeURIComponent(k.value)} about={k.value} />}
					</div>
					<Aside k={k} />
				</div>
			)}
		</div>
	);
}
