// SPDX-License-Identifier: GPL-3.0-or-later
/* timeline.tsx - what was done, the latest first, as the log has it; and a note. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useList } from '../../api';
import { FaultView } from '../../parts/fault';
import { Form } from '../../parts/form';
import { Skeleton } from '../../parts/loading';
import { Name, Written } from '../../parts/subject';
import { Label } from '../../parts/label';
import { Time } from '../../parts/when';
import { may } from '../../state';
import { t } from '../../text';
import type { PartProps } from '../incident';
import { EventText } from './event';
import { Options, paps, tlps } from './parts';

function Note(props: PartProps & { then: () => void }) {
	const text = useSignal('');
	const tlp = useSignal<string>(''), pap = useSignal<string>('');

	return (
		<div class="note-form">
			<Form button={t('note.add')} disabled={!text.value.trim()} submit={async () => {
				await props.change.run({ path: '/api/v1/incidents/{number}/notes', body: { text: text.value.trim(),
					...(tlp.value ? { tlp: tlp.value } : {}), ...(pap.value ? { pap: pap.value } : {}) }, done: t('note.done'), says: text.value, free: true }, 0);
				text.value = '';
				props.then();
			}}>
				<textarea aria-label={t('note.add')} placeholder={t('note.hint')} rows={2} maxLength={8000} value={text.value} onInput={(e) => { text.value = e.currentTarget.value; }}
					onKeyDown={(e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) e.currentTarget.form?.requestSubmit(); }} />
				<div class="line">
					<select aria-label={t('note.tlp')} value={tlp.value} onChange={(e) => { tlp.value = e.currentTarget.value; }}><Options none={t('note.same', { label: 'TLP:AMBER' })} of={tlps} /></select>
					<select aria-label={t('note.pap')} value={pap.value} onChange={(e) => { pap.value = e.currentTarget.value; }}><Options none={t('note.same', { label: 'PAP:AMBER' })} of={paps} /></select>
				</div>
			</Form>
		</div>
	);
}

export function Timeline(props: PartProps & { number: number }) {
	const list = useList('/api/v1/incidents/{number}/events', { path: { number: props.number }, query: { limit: 500 } });
	const version = props.whole.incident.version;
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
									? <><p class="note"><Written text={note.text} /></p><Label tlp={note.tlp} pap={note.pap} /></>
									: <EventText is={e} />}</div>
							</li>
						);
					})}
				</ol>
			)}
		</section>
	);
}
