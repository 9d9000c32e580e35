// SPDX-License-Identifier: GPL-3.0-or-later
/* jobs.tsx - files that are sent to be worked on: captures, zones, reports of abuse. Dropped
 * anywhere on the page or chosen; how far each is, from the first octet sent to its findings.
 *
 *   sending (this browser) -> queued -> running -> done | failed | cancelled | interrupted
 */
import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Fault, send, url, useList, type Schema } from '../api';
import { useLive } from '../live';
import { Dialog } from '../parts/dialog';
import { Empty } from '../parts/empty';
import { FaultView } from '../parts/fault';
import { Field, Form, useHold } from '../parts/form';
import { Icon } from '../parts/icon';
import { Label } from '../parts/label';
import { Skeleton } from '../parts/loading';
import { Name, Said } from '../parts/subject';
import { bad, toast } from '../parts/toast';
import { Time } from '../parts/when';
import { me } from '../state';
import { locale, number, t, word } from '../text';
import { isTime, span, stamp } from '../time';
import { Options, tlps } from './incident/parts';

type Job = Schema['job'];
type Kind = 'capture' | 'zone' | 'report';
const kinds: Kind[] = ['capture', 'zone', 'report'];

interface Sending { id: number; name: string; done: number; all: number; stop: () => void }
/* Outlives the page: one may look elsewhere while a file goes up. */
const sending = signal<Sending[]>([]);
let next = 1;

export function octets(n: number): string {
	const unit = n >= 1e9 ? 'gigabyte' : n >= 1e6 ? 'megabyte' : n >= 1e3 ? 'kilobyte' : 'byte';
	const by = { gigabyte: 1e9, megabyte: 1e6, kilobyte: 1e3, byte: 1 }[unit];

	return number(n / by, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: n / by < 10 && unit !== 'byte' ? 1 : 0 });
}
/* What a file most likely is, by its name. */
export function guess(name: string): Kind {
	const bare = name.toLowerCase().replace(/\.(gz|xz|zst|lz4|bz2)$/, '');

	return /\.(pcap|pcapng|cap|dmp)$/.test(bare) ? 'capture'
		: /\.(eml|mbox|xarf|json|csv|txt|iodef|xml|stix|misp)$/.test(bare) ? 'report'
		: 'zone';
}

/* XMLHttpRequest, because fetch() does not tell how far an upload is. */
function upload(file: File, query: Record<string, string>): Promise<number> {
	const id = next++, x = new XMLHttpRequest();
	const set = (done: number) => { sending.value = sending.value.map((s) => s.id === id ? { ...s, done } : s); };

	sending.value = [...sending.value, { id, name: file.name, done: 0, all: file.size, stop: () => x.abort() }];
	return new Promise<number>((good, fail) => {
		const wrong = () => {
			let said: { detail?: string; title?: string } = {};
			try {
				said = JSON.parse(x.responseText);
			} catch { /* the connection ended without an answer */ }
			fail(new Fault(x.status, t('jobs.wrong', { name: file.name, why: said.detail ?? said.title ?? t('fault.network') })));
		};

		x.open('POST', url('/api/v1/jobs', undefined, query));
		x.setRequestHeader('X-CSRF', me.value?.csrf ?? '');
		x.setRequestHeader('Content-Type', 'application/octet-stream');
		x.setRequestHeader('Accept-Language', locale());
		x.upload.onprogress = (e) => set(e.loaded);
		x.onload = () => { if (x.status === 200) good(JSON.parse(x.responseText).number); else wrong(); };
		x.onerror = wrong;
		x.onabort = () => fail(new Fault(0, t('jobs.stopped', { name: file.name })));
		x.send(file);
	}).finally(() => { sending.value = sending.value.filter((s) => s.id !== id); });
}

function Ask(props: { files: File[]; close: () => void; done: () => void }) {
	const kind = useSignal<Kind>(guess(props.files[0]?.name ?? ''));
	const submit = (v: Record<string, string>) => {
		props.close();
		for (const f of props.files)
			upload(f, { kind: v.kind!, name: f.name, tlp: v.tlp!, ...(v.origin ? { origin: v.origin } : {}) })
				.then((n) => { toast(t('jobs.sent', { name: f.name, number: String(n) })); props.done(); }, bad);
	};

	return (
		<Form button={t('jobs.send', { n: props.files.length })} cancel={props.close} submit={submit}>
			<ul class="picked-list">{props.files.map((f) => <li key={f.name}><Name text={f.name} /> <span class="quiet">{octets(f.size)}</span></li>)}</ul>
			{props.files.length > 1 && <p class="quiet">{t('jobs.each')}</p>}
			<Field label={t('jobs.kind')}>
				<select name="kind" value={kind.value} onChange={(e) => { kind.value = e.currentTarget.value as Kind; }}>
					{kinds.map((k) => <option key={k} value={k}>{word('jobs.kind', k)}</option>)}
				</select>
			</Field>
			{kind.value === 'zone' && <Field label={t('jobs.origin')} hint={t('jobs.origin.hint')}><input name="origin" class="name" maxLength={255} spellcheck={false} /></Field>}
			<Field label={t('findings.label')} hint={t('jobs.label.hint')}>
				<select name="tlp"><Options of={tlps} is="TLP:AMBER" /></select>
			</Field>
		</Form>
	);
}

function Progress(props: { done: number; all: number; label: string }) {
	return props.all ? <progress value={Math.min(props.done, props.all)} max={props.all} aria-label={props.label} /> : <progress aria-label={props.label} />;
}

function Far(props: { j: Job }) {
	const { j } = props, p = j.progress;
	const took = isTime(j.started) && isTime(j.ended) ? span(stamp(j.ended).getTime() - stamp(j.started).getTime()) : '';

	if (j.state === 'running')
		return (
			<span class="far">
				<Progress done={p?.done ?? 0} all={p?.all ?? 0} label={t('jobs.progress', { name: j.name })} />
				<span class="quiet">{p ? t('jobs.read', { done: octets(p.done), all: octets(p.all), found: p.found }) : word('job', j.state)}</span>
			</span>
		);
	return (
		<span class="line">
			<span class={`chip ${j.state === 'done' ? 'chip-good' : /failed|interrupted/.test(j.state) ? 'chip-bad' : ''}`}>{word('job', j.state)}</span>
			{j.state === 'done' && (j.run
				? <a href={`/findings?run=${j.run}`}>{t('jobs.found', { n: j.found })}</a>
				: j.kind === 'report' ? <a href="/inbox">{t('jobs.reports', { n: j.found })}</a> : <span class="quiet">{t('jobs.found', { n: j.found })}</span>)}
			{took && <span class="quiet">{took}</span>}
			{j.why && <span class="quiet"><Said text={j.why} /></span>}
		</span>
	);
}

function JobRow(props: { j: Job; again: () => void }) {
	const { j } = props, path = { number: j.number };
	const open = j.state === 'queued' || j.state === 'running';
	const cancel = () => { send('DELETE', '/api/v1/jobs/{number}', { path }).then(props.again, bad); };
	const anew = () => { send('POST', '/api/v1/jobs/{number}/again', { path }).then(props.again, bad); };

	return (
		<li class="job">
			<span class="job-name"><span class="quiet number">{j.number}</span><Icon name={j.kind === 'capture' ? 'capture' : j.kind === 'zone' ? 'zones' : 'inbox'} /><Name text={j.name} /></span>
			<Far j={j} />
			<span class="job-side quiet">{octets(j.octets)}<Label tlp={j.tlp} />{j.owner}<Time at={j.at} /></span>
			<span class="job-do">
				{open && <button type="button" onClick={cancel}>{t('cancel')}</button>}
				{!open && j.folder && <button type="button" class="plain" onClick={anew}><Icon name="replay" />{t('jobs.again')}</button>}
			</span>
		</li>
	);
}

export default function Jobs() {
	const list = useList<'/api/v1/jobs', Job>('/api/v1/jobs', { query: { limit: 100 } as never });
	const files = useSignal<File[]>([]);
	const over = useSignal(false);
	const input = useRef<HTMLInputElement>(null);
	const running = !!list.data?.some((j) => j.state === 'running' || j.state === 'queued');
	const again = useRef(list.again);

	again.current = list.again;
	useHold(sending.value.length > 0);
	useLive((e) => /job|upload/.test(e.kind) || e.kind === 'findings', list.again, 500);
	useEffect(() => {	// how far is not an event: asked each second while something runs
		if (!running)
			return;
		const timer = setInterval(() => { if (!document.hidden) again.current(); }, 1000);
		return () => clearInterval(timer);
	}, [running]);
	return (
		<div class={`page jobs ${over.value ? 'drop-over' : ''}`}
			onDragOver={(e) => { e.preventDefault(); over.value = true; }} onDragLeave={() => { over.value = false; }}
			onDrop={(e) => { e.preventDefault(); over.value = false; files.value = [...e.dataTransfer?.files ?? []]; }}>
			<header class="page-head">
				<h1>{t('nav.jobs')}</h1>
				<button type="button" class="main" onClick={() => input.current?.click()}><Icon name="upload" />{t('jobs.choose')}</button>
				<input ref={input} type="file" multiple hidden aria-label={t('jobs.choose')}
					onChange={(e) => { files.value = [...e.currentTarget.files ?? []]; e.currentTarget.value = ''; }} />
			</header>
			<div class="drop"><Icon name="upload" /><span>{t('jobs.drop')}</span></div>
			{sending.value.length > 0 && (
				<ul class="box job-list" aria-label={t('jobs.sending')}>
					{sending.value.map((s) => (
						<li class="job" key={s.id}>
							<span class="job-name"><Icon name="upload" /><Name text={s.name} /></span>
							<span class="far"><Progress done={s.done} all={s.all} label={t('jobs.progress', { name: s.name })} /><span class="quiet">{t('jobs.up', { done: octets(s.done), all: octets(s.all) })}</span></span>
							<span class="job-do"><button type="button" onClick={s.stop}>{t('cancel')}</button></span>
						</li>
					))}
				</ul>
			)}
			{list.fault ? <FaultView fault={list.fault} again={list.again} />
				: !list.data ? list.slow && <Skeleton rows={8} />
				: !list.data.length ? <Empty title={t('jobs.empty')} text={t('jobs.empty.help')} />
				: <ul class="box job-list" aria-label={t('nav.jobs')}>{list.data.map((j) => <JobRow key={j.number} j={j} again={list.again} />)}</ul>}
			{!list.end && <button type="button" onClick={list.more}>{t('jobs.more')}</button>}
			<Dialog open={files.value.length > 0} close={() => { files.value = []; }} title={t('jobs.ask')}>
				<Ask files={files.value} close={() => { files.value = []; }} done={list.again} />
			</Dialog>
		</div>
	);
}
