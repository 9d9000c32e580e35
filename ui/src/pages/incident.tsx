// SPDX-License-Identifier: GPL-3.0-or-later
/* incident.tsx - one incident: what it is, who does what until when, who was told, and all
 * that was done, as the log has it.
 *
 *   head      title, state, label, what can be done
 *   left      findings and reports, notes and timeline
 *   right     clocks, tasks, people told, facts                                            */
import { useSignal } from '@preact/signals';
import { useGet } from '../api';
import { useHeading } from '../shell';
import { useKeys } from '../keys';
import { useLive } from '../live';
import { FaultView } from '../parts/fault';
import { Icon } from '../parts/icon';
import { Label } from '../parts/label';
import { Skeleton } from '../parts/loading';
import { Menu, MenuItem } from '../parts/menu';
import { Severity } from '../parts/severity';
import { Name, Said, Subject } from '../parts/subject';
import { Time } from '../parts/when';
import { to } from '../router';
import { may, me } from '../state';
import { number as count, rich, t, word } from '../text';
import { bad } from '../parts/toast';
import { useChange, type Changes } from './incident/change';
import { ClockDialog, LabelDialog, MergeDialog, OwnerDialog, SplitDialog, TitleDialog, UnmergeDialog } from './incident/dialogs';
import { Members } from './incident/members';
import { Due, hasEnded, Owner, Priority, type Incident } from './incident/parts';
import { Notify } from './incident/notify';
import { Clocks, Tasks } from './incident/work';
import { StateDialog } from './incident/state';
import { Timeline } from './incident/timeline';
import { Told } from './incident/told';
import { Exports } from './incident/export';
import type { Schema } from '../api';

export type Whole = Schema['incident_whole'];
export interface PartProps { whole: Whole; change: Changes; again: () => void }
export type Doing = '' | 'state' | 'owner' | 'title' | 'label' | 'merge' | 'unmerge' | 'split' | 'clock' | 'notify' | 'add';

function Do(props: { is: Schema['incident_page']; doing: (d: Doing) => void; take: () => void }) {
	const { is, doing } = props;

	if (!may('analyst'))
		return null;
	return (
		<div class="line">
			{is.owner !== me.value?.login && <button type="button" onClick={props.take}>{t('incident.take')}</button>}
			<button type="button" onClick={() => doing('state')}>{t('incident.state')}</button>
			<button type="button" class="main" onClick={() => doing('notify')}><Icon name="mail" />{t('incident.notify')}</button>
			<Menu class="boxed" label={t('incident.more')} button={t('incident.more')}>
				<MenuItem run={() => doing('owner')}>{t('incident.owner')}<kbd>a</kbd></MenuItem>
				<MenuItem run={() => doing('title')}>{t('incident.title')}</MenuItem>
				<MenuItem run={() => doing('label')}>{t('incident.label')}<kbd>t</kbd></MenuItem>
				<MenuItem run={() => doing('clock')}>{t('incident.clock')}<kbd>c</kbd></MenuItem>
				<MenuItem run={() => doing('add')}>{t('incident.add')}</MenuItem>
				<MenuItem run={() => doing('split')}>{t('incident.split')}</MenuItem>
				{is.state === 'merged'
					? <MenuItem run={() => doing('unmerge')}>{t('incident.unmerge')}</MenuItem>
					: <MenuItem run={() => doing('merge')}>{t('incident.merge')}</MenuItem>}
			</Menu>
			<Exports is={is} />
		</div>
	);
}

function Facts(props: { is: Incident }) {
	const i = props.is;

	return (
		<section class="box">
			<h2>{t('incident.facts')}</h2>
			<dl class="facts">
				<dt>{t('incidents.subject')}</dt><dd><Subject kind={i.subject_kind} name={i.subject} /></dd>
				<dt>{t('incidents.family')}</dt><dd><Name text={i.family || '–'} /></dd>
				<dt>{t('incidents.owner')}</dt><dd><Owner is={i.owner} /></dd>
				<dt>{t('incidents.priority')}</dt><dd>{rich('colon', { what: word('priority', i.priority), why: <span class="quiet">{i.priority_why}</span> })}</dd>
				<dt>{t('incident.confidence')}</dt><dd>{t('finding.of-100', { n: i.confidence })}</dd>
				<dt>{t('incident.seen')}</dt><dd><Time at={i.first_seen} as="minutes" /> – <Time at={i.last_seen} as="minutes" /></dd>
				<dt>{t('incident.opened')}</dt><dd><Time at={i.opened} as="minutes" /></dd>
				<dt>{t('incident.changed')}</dt><dd><Time at={i.changed} as="relative" /></dd>
				<dt>{t('incident.exposed')}</dt><dd>{count(i.exposed)}</dd>
				<dt>{t('incidents.reason')}</dt><dd><Said text={i.reason || '–'} /></dd>
				{i.verdict && <><dt>{t('incident.verdict')}</dt><dd><Said text={i.verdict} /></dd></>}
				{i.before > 0 && <><dt>{t('incident.before')}</dt><dd><a href={to('incidents', i.before)}>{i.before}</a></dd></>}
				{i.into > 0 && <><dt>{i.state === 'merged' ? t('incident.into') : t('incident.from')}</dt><dd><a href={to('incidents', i.into)}>{i.into}</a></dd></>}
			</dl>
		</section>
	);
}

export default function OneIncident(props: { number: string }) {
	const number = Number(props.number);
	const got = useGet(Number.isInteger(number) && number > 0 ? '/api/v1/incidents/{number}/whole' : null, { path: { number } });
	const change = useChange(number, got.again);
	const doing = useSignal<Doing>('');
	const picked = useSignal<ReadonlySet<string>>(new Set());
	const is = got.data?.incident;
	const does = (d: Doing) => () => { if (is && may('analyst')) doing.value = d; };
	const shut = () => { doing.value = ''; };
	const take = () => {
		const owner = me.value?.login ?? '';

		change.run({ path: '/api/v1/incidents/{number}/owner', body: { owner }, done: t('incident.owner.done', { owner }), says: t('incident.take') }, is!.version).catch(bad);
	};

	useHeading(is ? `${is.number}` : undefined);
	useLive((e) => e.about === `incident:${number}` || (e.kind.startsWith('notice.') && !!got.data?.notices.some((n) => e.about === `notice:${n.number}`)), got.again);
	useKeys([
		{ keys: 's', help: 'keys.incident.state', run: does('state') }, { keys: 'a', help: 'keys.incident.owner', run: does('owner') },
		{ keys: 't', help: 'keys.incident.label', run: does('label') }, { keys: 'c', help: 'keys.incident.clock', run: does('clock') },
		{ keys: 'w', help: 'keys.incident.notify', run: does('notify') },
		{ keys: 'n', help: 'keys.incident.note', run: () => document.querySelector<HTMLElement>('.note-form textarea')?.focus() },
	]);
	if (got.fault)
		return <FaultView fault={got.fault} again={got.again} />;
	if (!got.data || !is)
		return got.slow ? <Skeleton rows={12} /> : null;
	const part = { whole: got.data, change, again: got.again };
	const dialog = { number, is, change, close: shut, again: got.again };

	return (
		<div class="page incident">
			<header class="page-head">
				<div class="incident-head">
					<h1><span class="quiet">{is.number}</span> <Said text={is.title} /></h1>
					<div class="line">
						<span class={`chip state-${is.state}`}>{word('state', is.state)}</span>
						<Priority whole is={is.priority} why={is.priority_why} /><Severity is={is.severity} />
						<Due at={is.due} ended={hasEnded(is.state)} /><Label tlp={is.tlp} pap={is.pap} />
						<span class="line"><Icon name="person" /><Owner is={is.owner} /></span>
					</div>
				</div>
				<Do is={is} doing={(d) => { doing.value = d; }} take={take} />
			</header>
			<div class="incident-grid">
				<div class="stack-wide">
					<Members {...part} picked={picked} add={doing.value === 'add'} adding={(on) => { doing.value = on ? 'add' : ''; }} split={() => { doing.value = 'split'; }} />
					<Timeline {...part} number={number} />
				</div>
				<div class="stack-wide">
					<Clocks {...part} set={does('clock')} />
					<Tasks {...part} />
					<Told {...part} notify={does('notify')} />
					<Facts is={is} />
				</div>
			</div>
			{doing.value === 'state' && <StateDialog number={number} close={shut} done={got.again} />}
			{doing.value === 'owner' && <OwnerDialog {...dialog} />}
			{doing.value === 'title' && <TitleDialog {...dialog} />}
			{doing.value === 'label' && <LabelDialog {...dialog} />}
			{doing.value === 'clock' && <ClockDialog {...dialog} />}
			{doing.value === 'merge' && <MergeDialog {...dialog} />}
			{doing.value === 'unmerge' && <UnmergeDialog {...dialog} />}
			{doing.value === 'split' && <SplitDialog {...dialog} members={got.data.members} picked={picked} />}
			{doing.value === 'notify' && <Notify is={is} close={shut} again={got.again} />}
			{change.conflict}
		</div>
	);
}
