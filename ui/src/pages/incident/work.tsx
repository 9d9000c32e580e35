// SPDX-License-Identifier: GPL-3.0-or-later
/* work.tsx - what is to be done, by whom it can be done, and by when: the sets of clocks that
 * run side by side, and tasks. */
import { useSignal } from '@preact/signals';
import { Empty } from '../../parts/empty';
import { Field, Form } from '../../parts/form';
import { Dialog } from '../../parts/dialog';
import { Icon } from '../../parts/icon';
import { Reason } from '../../parts/reason';
import { Said } from '../../parts/subject';
import { bad } from '../../parts/toast';
import { Time } from '../../parts/when';
import type { Schema } from '../../api';
import { may } from '../../state';
import { isTime } from '../../time';
import { rich, t, word } from '../../text';
import type { PartProps } from '../incident';
import { Due, hasEnded } from './parts';

export function Clocks(props: PartProps & { set: () => void }) {
	const { deadlines, incident } = props.whole;
	const stop = useSignal('');
	const sets = incident.clocks.split('\n').filter((set) => set);
	const meet = (d: Schema['deadline_row'], met: boolean) =>
		props.change.run({ path: '/api/v1/incidents/{number}/met', body: { name: `${d.set}/${d.name}`, met }, done: t(met ? 'clock.met.done' : 'clock.unmet.done', { name: d.title }), says: d.title }, incident.version).catch(bad);

	return (
		<section class="box" aria-label={t('clock.title')}>
			<div class="box-head"><h2>{t('clock.title')}</h2>{may('analyst') && <button type="button" class="plain" onClick={props.set}>{t('clock.change')}</button>}</div>
			{sets.length === 0 && <Empty title={t('clock.none')} text={t('clock.none.help')} />}
			{sets.map((set) => (
				<section key={set} aria-label={set}>
					<div class="box-head"><h3><Said text={set} /></h3>
						{may('analyst') && <button type="button" class="plain" aria-label={t('clock.stop.named', { set })} onClick={() => { stop.value = set; }}>{t('clock.stop')}</button>}</div>
					<ul class="entries">
						{deadlines.filter((d) => d.set === set).map((d) => (
							<li key={d.name} class="clock">
								<div><strong><Said text={d.title} /></strong><br />
									<span class="quiet"><Time at={isTime(d.met) ? d.met : d.due} as="minutes" />{isTime(d.met) && d.by && <> {rich('clock.met.by', { who: <Said text={d.by} /> })}</>}</span></div>
								<div class="clock-side">
									<Due at={d.due} met={d.met} ended={hasEnded(incident.state)} closed={incident.closed} />
									{may('analyst') && <button type="button" class="small" onClick={() => meet(d, !isTime(d.met))}>{t(isTime(d.met) ? 'clock.unmeet' : 'clock.meet')}</button>}
								</div>
							</li>
						))}
					</ul>
				</section>
			))}
			{stop.value && (
				<Reason title={t('clock.stop.named', { set: stop.value })} why={t('clock.stop.why')} close={() => { stop.value = ''; }} submit={(reason) =>
					props.change.run({ path: '/api/v1/incidents/{number}/clock', body: { stop: stop.value, reason },
						done: t('clock.stopped', { set: stop.value }), says: t('clock.stop.named', { set: stop.value }) }, incident.version)}>
					<p class="quiet">{t('clock.stop.help')}</p>
				</Reason>
			)}
		</section>
	);
}

type Task = Schema['task'];

function NewTask(props: PartProps & { close: () => void }) {
	return (
		<Dialog open close={props.close} title={t('task.new')}>
			<Form button={t('task.add')} cancel={props.close} submit={async (v) => {
				await props.change.run({ path: '/api/v1/incidents/{number}/tasks', body: Object.fromEntries(Object.entries(v).filter(([, is]) => is)), done: t('task.added'), says: v.title ?? '', free: true },
					props.whole.incident.version);
				props.close();
			}}>
				<Field label={t('task.what')}><input name="title" required maxLength={400} autocomplete="off" /></Field>
				<Field label={t('task.who')} hint={t('task.who.hint')}><input name="actor" maxLength={127} autocomplete="off" /></Field>
				<Field label={t('task.ask')}><input name="ask" maxLength={400} autocomplete="off" /></Field>
			</Form>
		</Dialog>
	);
}

function Row(props: { is: Task; set: (state: 'open' | 'done') => void; drop: () => void }) {
	const { is } = props;
	const open = is.state === 'open';

	return (
		<li class={`task task-${is.state}`}>
			<input type="checkbox" checked={is.state === 'done'} disabled={!may('analyst')} aria-label={is.title} onChange={() => props.set(is.state === 'done' ? 'open' : 'done')} />
			<details>
				<summary><span class="task-title"><Said text={is.title} /></span>{is.actor && <span class="chip"><Said text={is.actor} /></span>}
					{is.state === 'dropped' && <span class="chip">{word('task', is.state)}</span>}</summary>
				<dl class="facts">
					{is.ask && <><dt>{t('task.ask')}</dt><dd><Said text={is.ask} /></dd></>}
					{is.needs && <><dt>{t('task.needs')}</dt><dd><Said text={is.needs} /></dd></>}
					{is.by && !open && <><dt>{word('task', is.state)}</dt><dd><Said text={is.by} /> <Time at={is.at} as="relative" /></dd></>}
				</dl>
				{may('analyst') && <div class="line">
					{open ? <button type="button" class="plain" onClick={props.drop}>{t('task.drop')}</button>
						: <button type="button" class="plain" onClick={() => props.set('open')}>{t('task.reopen')}</button>}</div>}
			</details>
		</li>
	);
}

export function Tasks(props: PartProps) {
	const { tasks } = props.whole;
	const add = useSignal(false), drop = useSignal<Task | null>(null);
	const left = tasks.filter((x) => x.state === 'open').length;
	const set = (is: Task, state: 'open' | 'done') =>
		props.change.run({ path: '/api/v1/incidents/{number}/tasks/{place}', values: { place: is.place }, body: { state }, done: t(`task.${state}.said`), says: is.title, free: true }, 0).catch(bad);

	return (
		<section class="box" aria-label={t('task.title')}>
			<div class="box-head"><h2>{t('task.title')} <span class="quiet">{tasks.length > 0 && t('task.left', { n: left })}</span></h2>
				{may('analyst') && <button type="button" class="plain" onClick={() => { add.value = true; }}><Icon name="plus" />{t('task.add')}</button>}</div>
			{tasks.length === 0 ? <Empty title={t('task.none')} text={t('task.none.help')} /> : (
				<ul class="entries">{tasks.map((x) => <Row key={x.place} is={x} set={(s) => set(x, s)} drop={() => { drop.value = x; }} />)}</ul>
			)}
			{add.value && <NewTask {...props} close={() => { add.value = false; }} />}
			{drop.value && (
				<Reason title={t('task.drop')} why={t('task.drop.why')} close={() => { drop.value = null; }} submit={(reason) =>
					props.change.run({ path: '/api/v1/incidents/{number}/tasks/{place}', values: { place: drop.value!.place }, body: { state: 'dropped', reason },
						done: t('task.dropped.said'), says: t('task.drop'), free: true }, 0)}>
					<p><Said text={drop.value.title} /></p>
				</Reason>
			)}
		</section>
	);
}
