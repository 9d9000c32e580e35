// SPDX-License-Identifier: GPL-3.0-or-later
/* findings-bulk.tsx - what can be done with the findings that were selected: one incident of
 * them, or into one that there is; a mute; a file. */
import { useSignal, type Signal } from '@preact/signals';
import { send } from '../api';
import { useKeys } from '../keys';
import { Dialog } from '../parts/dialog';
import { Field, Form } from '../parts/form';
import { Icon } from '../parts/icon';
import { save } from '../parts/save';
import { Severity } from '../parts/severity';
import { Name } from '../parts/subject';
import { bad, toast } from '../parts/toast';
import { go, to } from '../router';
import { may } from '../state';
import { t } from '../text';
import { inDays } from '../time';
import type { Row } from './findings';
import type { Incident } from './incident/parts';
import { PickIncident } from './incident/pick';
import { raisedText, type Raised } from './incident/raised';

const FILE_COLUMNS = ['tlp', 'pap', 'id', 'severity', 'confidence', 'rule', 'title', 'area', 'subject_kind', 'subject',
	'from', 'until', 'sentence', 'zone', 'lost', 'frames', 'incident', 'incident_state'] as const;

/* What begins like a formula is none in a table of others. */
const cell = (is: unknown): string => {
	const text = is === null || is === undefined ? '' : String(is);
	return `"${(/^[=+\-@\t\r]/.test(text) ? "'" + text : text).replace(/"/g, '""')}"`;
};
export function csv(rows: Row[]): string {
	return [FILE_COLUMNS.join(','), ...rows.map((r) => FILE_COLUMNS.map((c) => cell(r[c])).join(','))].join('\r\n') + '\r\n';
}
function List(props: { rows: Row[] }) {
	return (
		<ul class="picked-list">
			{props.rows.slice(0, 8).map((r) => <li key={r.id}><Severity is={r.severity} bare /> <Name text={r.subject} /> <span class="quiet">{r.title}</span></li>)}
			{props.rows.length > 8 && <li class="quiet">{t('findings.and-more', { n: props.rows.length - 8 })}</li>}
		</ul>
	);
}

export function IncidentDialog(props: { rows: Row[]; close: () => void; done: () => void }) {
	const rows = props.rows.filter((r) => !r.incident), taken = props.rows.filter((r) => r.incident);
	const subjects = [...new Set(rows.map((r) => r.subject))];
	const joins = useSignal(false), into = useSignal<Incident | null>(null);
	const submit = async (v: Record<string, string>) => {
		const findings = rows.map((r) => r.id);
		const made = joins.value
			? await send('POST', '/api/v1/incidents/{number}/members', { path: { number: into.value!.number },
				body: { findings, ...(v.reason ? { reason: v.reason } : {}) } as never })
			: await send('POST', '/api/v1/incidents', { body: { findings, ...(v.title ? { title: v.title } : {}),
				...(v.reason ? { reason: v.reason } : {}) } as never });
		const { number: n, raised } = made as { number: number; raised?: Raised | null };

		props.close();
		props.done();
		toast(t('findings.incident.done', { number: String(n) }) + (raised ? ' ' + raisedText(raised) : ''), { href: to('incidents', n) });
	};

	const others = taken.length > 0 && (
		<p class="quiet">
			{t('findings.incident.taken', { n: taken.length })}{' '}
			{[...new Set(taken.map((r) => r.incident!))].slice(0, 8).map((n) => <a key={n} href={to('incidents', n)} onClick={props.close}>#{n} </a>)}
		</p>
	);

	if (!rows.length)
		return <div class="stack">{others}</div>;
	return (
		<Form button={joins.value ? t('findings.incident.add', { n: rows.length }) : t('findings.incident.make')} cancel={props.close} submit={submit}>
			<List rows={rows} />
			{others}
			<div class="switch" role="group" aria-label={t('findings.incident.where')}>
				<button type="button" aria-pressed={!joins.value} onClick={() => { joins.value = false; }}>{t('findings.incident.new')}</button>
				<button type="button" aria-pressed={joins.value} onClick={() => { joins.value = true; }}>{t('findings.incident.or')}</button>
			</div>
			{joins.value ? <PickIncident required label={t('findings.incident.number')} picked={into.value} pick={(i) => { into.value = i; }} /> : (
				<Field label={t('findings.incident.title')} hint={t('findings.incident.title.hint')}>
					<input name="title" maxLength={200} placeholder={subjects.length === 1 ? t('colon', { what: rows[0]!.title, why: subjects[0]! }) : ''} />
				</Field>
			)}
			{(rows.length > 1 || joins.value) && (
				<Field label={t('findings.incident.reason')} hint={t('findings.incident.reason.hint')}><input name="reason" maxLength={200} /></Field>
			)}
		</Form>
	);
}

export function MuteDialog(props: { rows: Row[]; close: () => void; done: () => void }) {
	const { rows } = props;
	const subjects = [...new Set(rows.map((r) => r.subject))], rules = [...new Set(rows.map((r) => r.rule))];
	const submit = async (v: Record<string, string>) => {
		await send('POST', '/api/v1/mutes', { body: { rule: v.rule!, subject: v.subject!, reason: v.reason!,
			expires: `${v.until}T00:00:00Z` } as never });
		props.close();
		props.done();
		toast(t('findings.mute.done'));
	};

	return (
		<Form button={t('findings.mute')} cancel={props.close} submit={submit} disabled={subjects.length > 1 && rules.length > 1}>
			<p class="quiet">{t('findings.mute.help')}</p>
			<List rows={rows} />
			{subjects.length > 1 && rules.length > 1 && <p class="form-fault">{t('findings.mute.mixed')}</p>}
			<Field label={t('findings.subject')} hint={t('findings.mute.subject.hint')}>
				<input name="subject" class="name" value={subjects.length === 1 ? subjects[0] : ''} maxLength={1011} />
			</Field>
			<Field label={t('finding.rule')} hint={t('findings.mute.rule.hint')}>
				<input name="rule" class="name" value={rules.length === 1 ? rules[0] : ''} maxLength={63} required={subjects.length !== 1} />
			</Field>
			<Field label={t('findings.mute.why')}><input name="reason" required maxLength={200} /></Field>
			<Field label={t('findings.mute.until')} hint={t('findings.mute.until.hint')}>
				<input name="until" type="date" required value={inDays(30)} min={inDays(1)} max={inDays(364)} />
			</Field>
		</Form>
	);
}

export function FindingsBulk(props: { picked: Signal<ReadonlySet<string>>; rows: () => Row[]; done: () => void }) {
	const open = useSignal<'' | 'incident' | 'mute' | 'export'>('');
	const n = props.picked.value.size;
	const rows = n ? props.rows() : [];
	const close = () => { open.value = ''; };
	const done = () => { props.picked.value = new Set(); props.done(); };
	const give = (name: string, type: string, text: string) => {
		save(new Blob([text], { type }), name);
		close();
		toast(t('findings.export.done', { n: rows.length }));
	};

	useKeys([
		{ keys: 'i', help: 'findings.incident.make', run: () => { if (n && may('analyst')) open.value = 'incident'; } },
		{ keys: 'm', help: 'findings.mute', run: () => { if (n && may('lead')) open.value = 'mute'; } },
		{ keys: 'e', help: 'findings.export', run: () => { if (n) open.value = 'export'; } },
	]);
	return (
		<>
			{n > 0 && (
				<div class="bulk" role="toolbar" aria-label={t('findings.bulk')}>
					<strong aria-live="polite">{t('findings.picked', { n })}</strong>
					{may('analyst') && <button type="button" class="main" onClick={() => { open.value = 'incident'; }}><Icon name="incidents" />{t('findings.incident.make')} <kbd>i</kbd></button>}
					{may('lead') && <button type="button" onClick={() => { open.value = 'mute'; }}><Icon name="mute" />{t('findings.mute')} <kbd>m</kbd></button>}
					<button type="button" onClick={() => { open.value = 'export'; }}><Icon name="download" />{t('findings.export')} <kbd>e</kbd></button>
					<button type="button" class="plain" onClick={() => { props.picked.value = new Set(); }}>{t('findings.unpick')}</button>
				</div>
			)}
			<Dialog open={open.value === 'incident' && rows.length > 0} close={close} title={t('findings.incident.make')}>
				<IncidentDialog rows={rows} close={close} done={done} />
			</Dialog>
			<Dialog open={open.value === 'mute' && rows.length > 0} close={close} title={t('findings.mute')}>
				<MuteDialog rows={rows} close={close} done={done} />
			</Dialog>
			<Dialog open={open.value === 'export' && rows.length > 0} close={close} title={t('findings.export')}>
				<List rows={rows} />
				<p class="quiet">{t('findings.export.help')}</p>
				<div class="form-end">
					<button type="button" class="main" autofocus onClick={() => give('findings.jsonl', 'application/x-ndjson', rows.map((r) => JSON.stringify(r)).join('\n') + '\n')}>JSON Lines</button>
					<button type="button" onClick={() => give('findings.csv', 'text/csv', csv(rows))}>CSV</button>
					<button type="button" onClick={() => {
						navigator.clipboard.writeText(rows.map((r) => r.subject).join('\n')).then(() => { close(); toast(t('findings.copied', { n: rows.length })); }, bad);
					}}>{t('findings.copy')}</button>
					<button type="button" onClick={() => { close(); go('/sharing?findings=' + rows.slice(0, 50).map((r) => r.id.slice(0, 16)).join(',')); }}>{t('findings.share')}</button>
				</div>
			</Dialog>
		</>
	);
}
