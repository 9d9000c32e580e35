// SPDX-License-Identifier: GPL-3.0-or-later
/* told.tsx - who was told what, how far it is, and the word that lets a letter go. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { raw, send, sentence, url, type Schema } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Empty } from '../../parts/empty';
import { Label } from '../../parts/label';
import { Letter } from '../../parts/letter';
import { Skeleton } from '../../parts/loading';
import { Reason } from '../../parts/reason';
import { Name, Said } from '../../parts/subject';
import { bad, toast } from '../../parts/toast';
import { Time } from '../../parts/when';
import { may } from '../../state';
import { isTime } from '../../time';
import { t, word } from '../../text';
import type { PartProps } from '../incident';

type Notice = Schema['notice_row'];
const kinds: Record<string, string> = { sent: 'chip-good', draft: 'chip-due', failed: 'chip-bad', bounced: 'chip-bad' };

function Message(props: { is: Notice; close: () => void }) {
	const text = useSignal(''), fault = useSignal('');

	useEffect(() => {
		raw('GET', url('/api/v1/notices/{number}/message', { number: props.is.number })).then((r) => r.text())
			.then((is) => { text.value = is; }, (e) => { fault.value = sentence(e); });
	}, [props.is.number]);
	return (
		<Dialog open wide close={props.close} title={t('told.message', { number: String(props.is.number) })}>
			{fault.value && <p class="form-fault" role="alert">{fault.value}</p>}
			{text.value ? <Letter text={text.value} /> : !fault.value && <Skeleton rows={8} />}
		</Dialog>
	);
}

const turns = { cancel: '/api/v1/notices/{number}/cancel', again: '/api/v1/notices/{number}/again', bounced: '/api/v1/notices/{number}/bounced' } as const;
type Turn = keyof typeof turns;

function Row(props: { is: Notice; look: () => void; turn: (to: Turn) => void; again: () => void }) {
	const n = props.is;
	const approve = () => send('POST', '/api/v1/notices/{number}/approve', { path: { number: n.number }, body: { message: n.message } })
		.then(() => { toast(t('told.approved')); props.again(); }, bad);

	return (
		<li class="told">
			<div class="line"><span class={`chip ${kinds[n.state] ?? ''}`}>{word('notice', n.state)}</span><strong><Name text={n.contact} /></strong>
				<Label tlp={n.tlp} /></div>
			<p class="quiet"><Name text={n.value} /> · <span lang={n.language}><Said text={n.title} /></span></p>
			{(n.state !== 'draft' || isTime(n.sent)) && <p class="quiet"><Said text={n.words} />{isTime(n.sent) && <> · <Time at={n.sent} as="relative" /></>}</p>}
			<div class="line">
				<button type="button" class="plain" onClick={props.look}>{t('told.read')}</button>
				{n.state === 'draft' && may('lead') && <button type="button" onClick={approve}>{t('told.approve')}</button>}
				{['draft', 'approved', 'failed', 'sending'].includes(n.state) && may('analyst') && <button type="button" class="plain" onClick={() => props.turn('cancel')}>{t('told.cancel')}</button>}
				{['failed', 'bounced', 'sending'].includes(n.state) && may('lead') && <button type="button" class="plain" onClick={() => props.turn('again')}>{t('told.again')}</button>}
				{n.state === 'sent' && may('analyst') && <button type="button" class="plain" onClick={() => props.turn('bounced')}>{t('told.bounced')}</button>}
			</div>
		</li>
	);
}

export function Told(props: PartProps & { notify: () => void }) {
	const { notices } = props.whole;
	const look = useSignal<Notice | null>(null);
	const turn = useSignal<{ is: Notice; to: Turn } | null>(null);

	return (
		<section class="box" aria-label={t('told.title')}>
			<div class="box-head"><h2>{t('told.title')} <span class="quiet">{notices.length || ''}</span></h2>
				{may('analyst') && <button type="button" class="plain" onClick={props.notify}>{t('incident.notify')}</button>}</div>
			{notices.length === 0 ? <Empty title={t('told.none')} text={t('told.none.help')} /> : (
				<ul class="entries">{notices.map((n) => <Row key={n.number} is={n} look={() => { look.value = n; }} turn={(to) => { turn.value = { is: n, to }; }} again={props.again} />)}</ul>
			)}
			{look.value && <Message is={look.value} close={() => { look.value = null; }} />}
			{turn.value && (
				<Reason title={t(`told.${turn.value.to}`)} why={t('told.why')} cancels={t('close')} close={() => { turn.value = null; }} submit={async (reason) => {
					await send('POST', turns[turn.value!.to], { path: { number: turn.value!.is.number }, body: { reason } });
					props.again();
				}}>
					<p><Name text={turn.value.is.contact} /> <span class="quiet"><Said text={turn.value.is.title} /></span></p>
				</Reason>
			)}
		</section>
	);
}
