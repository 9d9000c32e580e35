// SPDX-License-Identifier: GPL-3.0-or-later
/* zone.tsx - one zone: its audits, what one found by family, what changed since the one
 * before, and what its delegations rest on. */
import { useGet, type Schema } from '../api';
import { FaultView } from '../parts/fault';
import { Skeleton } from '../parts/loading';
import { Severity, Tally } from '../parts/severity';
import { Name, Said, visibleText } from '../parts/subject';
import { Time } from '../parts/when';
import { ask, query, to } from '../router';
import { useHeading } from '../shell';
import { number, t } from '../text';
import { minutes, stamp } from '../time';
import { Fate } from './zone/fate';

function Change(props: { title: string; is: Schema['zone_change'] }) {
	return (
		<section class="box">
			<h2>{props.title} <span class="count">{number(props.is.total)}</span></h2>
			{!props.is.items.length ? <p class="quiet">{t('subject.none')}</p> : (
				<ul class="entries zone-changes">
					{props.is.items.map((f) => <li key={f.id} class="line"><Severity is={f.severity} bare /><a href={to('findings', f.id)}>{f.title}</a> <Name text={f.subject} /><span class="quiet"><Said text={f.said} /></span></li>)}
				</ul>
			)}
		</section>
	);
}

export default function Zone(props: { name: string }) {
	const at = query('at');
	const asked = useGet('/api/v1/zones/{name}', { path: { name: props.name }, query: at ? { at } : {} });
	const z = asked.data;

	useHeading(visibleText(props.name));
	if (asked.fault)
		return <FaultView fault={asked.fault} again={asked.again} />;
	if (!z)
		return asked.slow ? <Skeleton rows={12} /> : null;
	return (
		<div class="page">
			<header class="page-head">
				<h1><Name text={z.zone} /></h1>
				<select aria-label={t('zones.audit')} value={z.at} onChange={(e) => ask({ at: e.currentTarget.value })}>
					{z.audits.map((a) => <option key={a.at} value={a.at}>{minutes(stamp(a.at))}</option>)}
				</select>
				<a class="button" href={'/findings?zone=' + encodeURIComponent(z.zone)}>{t('nav.findings')}</a>
			</header>
			<Fate zone={z.zone} />
			<div class="zone-grid">
				<section class="box">
					<h2>{t('zones.families')}</h2>
					<ul class="entries">
						{z.families.map((f) => <li key={f.family} class="zone-family"><a href={`/findings?zone=${encodeURIComponent(z.zone)}&rule=${encodeURIComponent(f.family)}`}>{f.family}</a><Tally of={f.severities} /></li>)}
					</ul>
				</section>
				{z.since ? <><Change title={t('zones.new')} is={z.new} /><Change title={t('zones.gone')} is={z.gone} /></>
					: <section class="box"><h2>{t('zones.changed')}</h2><p class="quiet">{t('zones.first')}</p></section>}
			</div>
			{z.since && <p class="quiet">{t('zones.compared')} <Time at={z.since} as="minutes" /></p>}
		</div>
	);
}
