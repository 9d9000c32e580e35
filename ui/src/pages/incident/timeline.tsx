// SPDX-License-Identifier: GPL-3.0-or-later
/* timeline.tsx - what was done, the latest first, as the log has it; and a note. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { send, useList, type Schema } from '../../api';
import { FaultView } from '../../parts/fault';
import { Form } from '../../parts/form';
import { Icon } from '../../parts/icon';
import { Skeleton } from '../../parts/loading';
import { Reason } from '../../parts/reason';
import { Name, Written } from '../../parts/subject';
import { Label } from '../../parts/label';
import { Time } from '../../parts/when';
import { may } from '../../state';
import { t } from '../../text';
import type { PartProps } from '../incident';
import { EventText } from './event';
import { Options, paps, tlps } from './parts';
import { WouldRaise, type Raised } from './raised';

function Note(props: PartProps & { then: () => void }) {
	const { number } = props.whole.incident;
	const text = useSignal(''), began = useSignal(false), apart = useSignal(true);
	const tlp = useSignal<string>(''), pap = useSignal<string>('');
	const raised = useSignal<Raised | null>(null);
	const marked = { ...(tlp.value ? { tlp: tlp.value as 'TLP:RED' } : {}), ...(pap.value ? { pap: pap.value as 'PAP:RED' } : {}) };

	useEffect(() => {	// what would come of it, before it is written
		let gone = false;

		if (began.value)
			send('POST', '/api/v1/incidents/{number}/notes', { path: { number }, body: { text: '-', ...marked, dry_run: true } })
				.then((r) => { if (!gone) raised.value = r.raised ?? null; }, () => { /* writing it says why not */ });
		return () => { gone = true; };
	}, [began.value, tlp.value, pap.value, props.whole.incident.tlp, props.whole.incident.pap]);

	const written = () => {
		text.value = tlp.value = pap.value = '';
		began.value = false;
		raised.value = null;
		props.then();
	};

	return (
		<div class="note-form">
			<Form button={t('note.add')} disabled={!text.value.trim()} submit={async () => {
				await props.change.run({ path: '/api/v1/incidents/{number}/notes', body: { text: text.value.trim(), ...marked, ...(raised.value && apart.value ? { apart: true } : {}) },
					done: t('note.done'), says: text.value, free: true, made: written }, 0);
			}}>
				<textarea aria-label={t('note.add')} placeholder={t('note.hint')} rows={2} maxLength={8000} value={text.value} onInput={(e) => { text.value = e.currentTarget.value; began.value = true; }}
					onKeyDown={(e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) e.currentTarget.form?.requestSubmit(); }} />
				{raised.value && <WouldRaise is={raised.value} apart={apart.value} choose={(is) => { apart.value = is; }} />}
				<div class="line">
					<select aria-label={t('note.tlp')} value={tlp.value} onChange={(e) => { tlp.value = e.currentTarget.value; began.value = true; }}><Options none={t('note.same', { label: props.whole.incident.tlp })} of={tlps} /></select>
					<select aria-label={t('note.pap')} value={pap.value} onChange={(e) => { pap.value = e.currentTarget.value; began.value = true; }}><Options none={t('note.same', { label: props.whole.incident.pap })} of={paps} /></select>
				</div>
			</Form>
		</div>
	);
}

export function Timeline(props: PartProps & { number: number }) {
	const list = useList('/api/v1/incidents/{number}/events', { path: { number: props.number }, query: { limit: 500 } });
	const version = props.whole.incident.version;
	const part = useSignal(0);
	const { own_tlp, own_pap } = props.whole.incident;
	const raises = (n: Schema['note']) => tlps.indexOf(n.tlp) > tlps.indexOf(own_tlp) || paps.indexOf(n.pap) > paps.indexOf(own_pap);
	const notes = new Map(props.whole.notes.map((n) => [n.event, n]));

	useEffect(() => { if (list.data) list.again(); }, [version, props.whole]);
	return (
		<section class="box" aria-label={t('timeline.title')}>
			<h2>{t('timeline.title')}</h2>
			{may('analyst') && <Note {...props} then={list.again} />}
			{list.fault ? <FaultView fault={list.fault} again={list.again} /> : !list.data ? list.slow && <Skeleton rows={6} /> : (
				<ol class="timeline">
					{!list.end && <li><button type="button" class="plain" onClick={list.more}>{t('timeline.later')}</button></li>}
					{[...list.data].reverse().map((e) => {
						const note = notes.get(e.number);

						return (
							<li key={e.number} class={note ? 'said' : undefined}>
								<Time at={e.at} /><span class="timeline-who"><Name text={e.author} /></span>
								<div class="timeline-what">{note
									? <><p class="note"><Written text={note.text} /></p><span class="line"><Label tlp={note.tlp} pap={note.pap} />
										{note.place === 'apart' ? <span class="chip"><Icon name="lock" />{t('note.apart')}</span>
										: may('lead') && raises(note) && <button type="button" class="plain small" onClick={() => { part.value = e.number; }}>{t('note.part')}</button>}</span></>
									: <EventText is={e} />}</div>
							</li>
						);
					})}
				</ol>
			)}
			{part.value > 0 && (
				<Reason title={t('note.part')} close={() => { part.value = 0; }} submit={(reason) =>
					props.change.run({ path: '/api/v1/incidents/{number}/notes/{note}/apart', values: { note: part.value }, body: { reason }, done: t('note.parted'), says: t('note.part'), free: true }, 0)}>
					<p class="quiet">{t('note.part.help')}</p>
				</Reason>
			)}
		</section>
	);
}
