// SPDX-License-Identifier: GPL-3.0-or-later
/* decide.tsx - what becomes of reports, one or thousands: what a decision takes is shown
 * first, it is done with one reason, and can be undone. */
import { useSignal } from '@preact/signals';
import { send, type Schema } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Field, Form } from '../../parts/form';
import { Name } from '../../parts/subject';
import { bad, toast } from '../../parts/toast';
import { to as path } from '../../router';
import { number, t, word } from '../../text';
import type { Incident } from '../incident/parts';
import { PickIncident } from '../incident/pick';
import { raisedText, stricterText } from '../incident/raised';
import { Weight } from './weight';

export type Report = Schema['report_row'];
export type Choice = 'each' | 'one' | 'into' | 'noise' | 'answered' | 'duplicate' | 'new';
const choices: Choice[] = ['each', 'one', 'into', 'noise', 'answered', 'duplicate', 'new'];
export interface Heap { count: number; set: string; examples: Report[] }
interface DecideProps { heap: Heap; first: Choice; why?: string; close: () => void; done: () => void }

function undo(event: number, done: () => void): void {
	send('POST', '/api/v1/reports/undo', { body: { event, reason: t('inbox.undo.why') } })
		.then((r) => { toast(t('inbox.undone', { n: r.count })); done(); }, bad);
}

async function decide(heap: Heap, choice: Choice, v: Record<string, string>, done: () => void): Promise<void> {
	const { set } = heap;

	if (choice === 'each' || choice === 'one' || choice === 'into') {
		const r = await send('POST', '/api/v1/reports/accept', { body: { set, ...(choice === 'each' ? { each: true } : {}),
			...(choice === 'one' ? { new: true, ...(v.title ? { title: v.title } : {}) } : {}), ...(choice === 'into' ? { incident: Number(v.incident) } : {}) } });

		toast(t('inbox.accepted', { n: r.count, opened: number(r.opened), joined: number(r.joined) }) + (r.raised ? '. ' + raisedText(r.raised) : '') +
			(r.stricter?.length ? '. ' + stricterText(r.stricter) : ''),
			{ undo: () => undo(r.event, done), ...(r.number ? { href: path('incidents', r.number) } : {}) });
	} else {
		const r = await send('POST', '/api/v1/reports/decide', { body: { set, state: choice, reason: v.reason!, ...(choice === 'duplicate' ? { same: Number(v.same) } : {}) } });

		toast(t('inbox.decided', { n: r.count, state: word('report', choice) }), { undo: () => undo(r.event, done) });
	}
	done();
}

function Examples(props: { heap: Heap }) {
	const { heap } = props;
	const more = heap.count - heap.examples.length;

	return (
		<>
			<p><strong>{t('inbox.takes', { n: heap.count })}</strong></p>
			<ul class="examples" tabIndex={0} aria-label={t('inbox.examples')}>
				{heap.examples.map((r) => (
					<li key={r.number}><span class="quiet">{r.number}</span><span class="cut"><Name text={r.subject || r.title || '–'} /></span><span class="cut quiet"><Name text={r.sender} /></span><Weight is={r.weight} /></li>
				))}
				{more > 0 && <li class="quiet">{t('inbox.and-more', { n: more })}</li>}
			</ul>
		</>
	);
}

export function Decide(props: DecideProps) {
	const choice = useSignal<Choice>(props.first);
	const into = useSignal<Incident | null>(null);
	const is = choice.value;
	const takes = is === 'each' || is === 'one' || is === 'into';

	return (
		<Dialog open close={props.close} title={t('inbox.decide')}>
			<Form button={t('inbox.go', { n: props.heap.count })} cancel={props.close} submit={async (v) => {
				await decide(props.heap, is, { ...v, incident: String(into.value?.number ?? '') }, props.done);
				props.close();
			}}>
				<Examples heap={props.heap} />
				<Field label={t('inbox.what')}><select value={is} onChange={(e) => { choice.value = e.currentTarget.value as Choice; }}>
					{choices.map((c) => <option key={c} value={c}>{t(`inbox.do.${c}`)}</option>)}</select></Field>
				{is === 'one' && <Field label={t('incidents.title')}><input name="title" maxLength={200} autocomplete="off" /></Field>}
				{is === 'into' && <PickIncident required label={t('inbox.incident')} picked={into.value} pick={(i) => { into.value = i; }} />}
				{is === 'duplicate' && <Field label={t('inbox.same')}><input name="same" type="number" min="1" required /></Field>}
				{!takes && <Field label={t('state.why')} hint={t('inbox.why.hint')}><input name="reason" required maxLength={400} defaultValue={props.why} autocomplete="off" /></Field>}
			</Form>
		</Dialog>
	);
}
