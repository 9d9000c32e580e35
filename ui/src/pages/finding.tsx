// SPDX-License-Identifier: GPL-3.0-or-later
/* finding.tsx - one finding, so that a reader can judge without trusting: the sentence, the
 * numbers against the rule's thresholds as a picture, the messages octet by octet, what it
 * means, who can act, and the way to judge it again. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useGet, type Schema } from '../api';
import { useKeys } from '../keys';
import { useLive } from '../live';
import { Dialog } from '../parts/dialog';
import { FaultView } from '../parts/fault';
import { Icon } from '../parts/icon';
import { Label } from '../parts/label';
import { Skeleton } from '../parts/loading';
import { Severity } from '../parts/severity';
import { Name, Said, Subject, visibleText } from '../parts/subject';
import { Time } from '../parts/when';
import { go, to } from '../router';
import { useHeading } from '../shell';
import { may } from '../state';
import { number, t, word } from '../text';
import { isTime, span, stamp } from '../time';
import { Reach } from './contact/parts';
import { Evidence } from './finding-evidence';
import { Features } from './finding-features';
import { Replay } from './finding-replay';
import { IncidentDialog, MuteDialog } from './findings-bulk';
import type { Row } from './findings';

export type Whole = Schema['finding_whole'];

function Window(props: { f: Whole }) {
	const { f } = props;
	const isWindow = isTime(f.from) && isTime(f.until);
	const lost = f.lost + f.crowded + f.late;

	return (
		<dl class="facts">
			{isWindow && <><dt>{t('finding.window')}</dt><dd><Time at={f.from} as="full" /> – <Time at={f.until} as="full" /> <span class="quiet">{span(stamp(f.until).getTime() - stamp(f.from).getTime())}</span></dd></>}
			{f.zone && <><dt>{t('finding.zone')}</dt><dd><Subject kind="zone" name={f.zone} />{f.file && <span class="quiet"> {visibleText(f.file)}{f.line > 0 && `:${f.line}`}</span>}</dd></>}
			<dt>{t('finding.read')}</dt>
			<dd>
				{number(f.frames)} {word('unit', f.zone ? 'records' : 'frames')}{' '}
				{lost === 0 ? <span class="chip chip-good">{t('finding.lost.none')}</span>
					: <span class="chip chip-due" title={t('finding.lost.help')}>{t('finding.lost', { lost: f.lost, crowded: f.crowded, late: f.late })}</span>}
			</dd>
			<dt>{t('finding.confidence')}</dt><dd>{t('finding.of-100', { n: f.confidence })}</dd>
			<dt>{t('finding.rule')}</dt><dd><a href={'/findings?rule=' + encodeURIComponent(f.rule)} class="name">{f.rule}</a> <span class="quiet">{t('finding.version', { n: String(f.rule_version) })}</span></dd>
			<dt>{t('finding.id')}</dt><dd class="name">{f.id.slice(0, 16)}<span class="quiet">{f.id.slice(16)}</span></dd>
		</dl>
	);
}

/* Who can act: what the catalogue says of such findings, and the contacts that cover this
 * one's subject. */
const COVERED = ['domain', 'name', 'delegation', 'zone', 'server', 'client', 'victim', 'address', 'network'];
function Actors(props: { f: Whole }) {
	const { f } = props, c = f.catalogue;
	const known = useGet(COVERED.includes(f.subject_kind) ? '/api/v1/route' : null, { query: { about: f.subject } });
	const steps = (known.data?.steps ?? []).filter((s, i, all) => all.findIndex((x) => x.contact.id === s.contact.id) === i);
	const rows = [['mitigate', c?.mitigate], ['prevent', c?.prevent], ['detect', c?.detect]] as const;

	return (
		<section class="box">
			<h2>{t('finding.who')}</h2>
			<dl class="facts">
				{rows.filter(([, who]) => who).map(([what, who]) => (
					<><dt>{word('finding.can', what)}</dt><dd>{who}</dd></>
				))}
			</dl>
			{known.data && (
				<>
					<h3 class="later">{t('finding.contacts')}</h3>
					{!steps.length && <p class="quiet">{t('subject.contacts.none')}</p>}
					<ul class="stack">
						{steps.slice(0, 4).map((s) => (
							<li key={s.contact.id}>
								<a href={to('contacts', s.contact.id)}><Said text={s.contact.name || s.contact.id} /></a> <span class="quiet">{word('contact-role', s.role)}</span>
								<div><Reach is={s.address} address /></div>
							</li>
						))}
					</ul>
					{steps.length > 4 && <a href={'/contacts?view=act&about=' + encodeURIComponent(f.subject)}>{t('finding.contacts.all', { n: steps.length })}</a>}
				</>
			)}
		</section>
	);
}

function Meaning(props: { f: Whole }) {
	const c = props.f.catalogue;

	if (!c)
		return null;
	const tags: [string, string][] = [];
	if (c.first)
		tags.push([t('finding.first'), `${c.first} ${c.first_name}`]);
	if (c.abuse)
		tags.push([t('finding.abuse'), c.abuse]);
	if (c.zonemaster)
		tags.push(['Zonemaster', c.zonemaster]);
	if (c.dnsviz)
		tags.push(['DNSViz', c.dnsviz]);
	return (
		<section class="box prose">
			<h2>{t('finding.remedy')}</h2>
			<p>{c.remedy}</p>
			<h2>{t('finding.meaning')}</h2>
			<p>{c.meaning}</p>
			<dl class="facts">
				<dt>{t('findings.area')}</dt><dd><a href={'/findings?area=' + c.area}>{word('area', c.area)}</a></dd>
				{tags.map(([name, is]) => <><dt>{name}</dt><dd>{is}</dd></>)}
			</dl>
			{c.references.length > 0 && <><h3>{t('finding.references')}</h3><ul class="references">{c.references.map((r) => <li key={r}>{r}</li>)}</ul></>}
		</section>
	);
}

function Parties(props: { f: Whole }) {
	if (!props.f.related.length)
		return null;
	return (
		<section class="box">
			<h2>{t('finding.parties')}</h2>
			<ul class="parties">
				{props.f.related.map((r, i) => (
					<li key={r.role + r.name}>
						<span class="quiet">{word('party', r.role)}</span>{' '}
						<Subject kind={r.role} name={r.name} />{' '}
						<span class="quiet"><Said text={props.f.related_note[i] ?? r.note} /></span>
					</li>
				))}
			</ul>
		</section>
	);
}

function Cases(props: { f: Whole; make: () => void }) {
	const { incidents, runs } = props.f;

	return (
		<section class="box">
			<h2>{t('finding.incidents')}</h2>
			{incidents.length ? (
				<ul class="stack">
					{incidents.map((i) => (
						<li key={i.number}>
							<a href={to('incidents', i.number)}>#{i.number} <Said text={i.title} /></a>
							<span class="line quiet"><span class="chip">{word('state', i.state)}</span>{i.owner || t('finding.nobody')}</span>
						</li>
					))}
				</ul>
			) : (
				<>
					<p class="quiet">{t('finding.no-incident')}</p>
					{may('analyst') && <p><button type="button" onClick={props.make}><Icon name="incidents" />{t('findings.incident.make')}</button></p>}
				</>
			)}
			{runs.length > 0 && (
				<>
					<h3 class="later">{t('finding.runs')}</h3>
					<ul class="stack">
						{runs.slice(0, 5).map((r) => (
							<li key={r.number} class="line">
								<a href={`/findings?run=${r.number}`}>{t('finding.run', { number: String(r.number) })}</a>
								<span class="quiet"><Time at={r.started} /> {r.inputs?.[0] && <Name text={r.inputs[0].name} />}</span>
							</li>
						))}
					</ul>
				</>
			)}
		</section>
	);
}

function Actions(props: { f: Whole; open: (what: 'incident' | 'mute' | 'replay') => void }) {
	return (
		<div class="line actions">
			{may('analyst') && <button type="button" onClick={() => props.open('replay')}><Icon name="replay" />{t('finding.replay')}</button>}
			{may('analyst') && (
				<a class="button" href={`/api/v1/findings/${encodeURIComponent(props.f.id)}/pack`} download title={t('finding.pack.help')}>
					<Icon name="download" />{t('finding.pack')}
				</a>
			)}
			{may('lead') && <button type="button" onClick={() => props.open('mute')}><Icon name="mute" />{t('findings.mute')}</button>}
		</div>
	);
}

/* The whole finding as a row of the list, for the dialogs that take rows. */
function row(f: Whole): Row {
	return { ...f, title: f.catalogue?.title ?? f.rule, area: f.catalogue?.area ?? '', incident: f.incidents[0]?.number ?? null,
		incident_state: f.incidents[0]?.state ?? null } as unknown as Row;
}

function Head(props: { f: Whole; children: ComponentChildren }) {
	const { f } = props;

	return (
		<header class="finding-head">
			<div class="line">
				<Severity is={f.severity} />
				<span>{f.catalogue?.title ?? f.rule}</span>
				<Label tlp={f.tlp} pap={f.pap} />
			</div>
			<h1><Subject kind={f.subject_kind} name={f.subject} /></h1>
			<p class="sentence"><Said text={f.said} /></p>
			{props.children}
		</header>
	);
}

export default function Finding(props: { id: string }) {
	const asked = useGet('/api/v1/findings/{id}', { path: { id: props.id } });
	const open = useSignal<'' | 'incident' | 'mute' | 'replay'>('');
	const f = asked.data as Whole | undefined;
	const close = () => { open.value = ''; };

	useHeading(f && visibleText(f.subject));
	useLive((e) => e.about.startsWith('incident:'), asked.again);
	useKeys([
		{ keys: 'u', help: 'finding.back', run: () => { if (history.length > 1) history.back(); else go('/findings'); } },
		{ keys: 'i', help: 'findings.incident.make', run: () => { if (f && may('analyst')) open.value = 'incident'; } },
		{ keys: 'm', help: 'findings.mute', run: () => { if (f && may('lead')) open.value = 'mute'; } },
		{ keys: 'r', help: 'finding.replay', run: () => { if (f && may('analyst')) open.value = 'replay'; } },
	]);
	if (asked.fault)
		return <FaultView fault={asked.fault} again={asked.again} />;
	if (!f)
		return asked.slow ? <Skeleton rows={14} /> : null;
	return (
		<div class="page finding">
			<Head f={f}><Actions f={f} open={(what) => { open.value = what; }} /></Head>
			<div class="finding-body">
				<div class="stack-wide">
					<Features f={f} />
					<Evidence id={f.id} f={f} />
				</div>
				<div class="stack-wide">
					<Cases f={f} make={() => { open.value = 'incident'; }} />
					<Actors f={f} />
					<Meaning f={f} />
					<Parties f={f} />
					<section class="box"><h2>{t('finding.ground')}</h2><Window f={f} /></section>
				</div>
			</div>
			<Dialog open={open.value === 'incident'} close={close} title={t('findings.incident.make')}>
				<IncidentDialog rows={[row(f)]} close={close} done={asked.again} />
			</Dialog>
			<Dialog open={open.value === 'mute'} close={close} title={t('findings.mute')}>
				<MuteDialog rows={[row(f)]} close={close} done={asked.again} />
			</Dialog>
			<Dialog open={open.value === 'replay'} close={close} title={t('finding.replay')}>
				<Replay id={f.id} />
			</Dialog>
		</div>
	);
}
