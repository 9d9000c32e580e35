// SPDX-License-Identifier: GPL-3.0-or-later
/* dialogs.tsx - small changes of one incident: owner, title, labels, clocks, merge, split.
 * A dialog remembers the version that it was opened upon, so that what somebody else does
 * meanwhile is noticed. */
import { useSignal, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Schema } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Field, Form } from '../../parts/form';
import { Label } from '../../parts/label';
import { flip } from '../../parts/pick';
import { SeverityShape } from '../../parts/severity';
import { Name } from '../../parts/subject';
import { may, me } from '../../state';
import { rich, t } from '../../text';
import type { Change, Changes } from './change';
import { What } from './members';
import { ClockSets, Options, paps, tlps, type Incident } from './parts';
import { PickPerson } from './people';
import { PickIncident } from './pick';

export interface DialogOf { number: number; is: Incident; change: Changes; close: () => void; again: () => void }

/* A form in a dialog whose values become one change. */
interface AskProps extends DialogOf {
	title: string;
	go: string;
	to: (v: Record<string, string>) => Change | null;
	done?: () => void;
	disabled?: boolean;
	children: ComponentChildren;
}
function Ask(props: AskProps) {
	const version = useRef(props.is.version);
	const submit = async (v: Record<string, string>) => {
		const change = props.to(v);

		if (change)
			await props.change.run(change, version.current);
		props.done?.();
		props.close();
	};

	return (
		<Dialog open close={props.close} title={props.title}>
			<Form button={props.go} cancel={props.close} disabled={props.disabled} submit={submit}>{props.children}</Form>
		</Dialog>
	);
}
const path = (last: string) => `/api/v1/incidents/{number}/${last}`;

export function OwnerDialog(props: DialogOf) {
	const owner = useSignal(props.is.owner || (me.value?.login ?? ''));

	return (
		<Ask {...props} title={t('incident.owner')} go={t('save')} to={() => ({ path: path('owner'), body: { owner: owner.value },
			done: owner.value ? t('incident.owner.done', { owner: owner.value }) : t('incident.owner.none'), says: owner.value || t('incidents.nobody') })}>
			<PickPerson autofocus label={t('incidents.owner')} owner={owner.value} pick={(login) => { owner.value = login; }} />
		</Ask>
	);
}

export function TitleDialog(props: DialogOf) {
	return (
		<Ask {...props} title={t('incident.title')} go={t('save')} to={(v) => v.title === props.is.title ? null	/* untouched is unchanged, in whichever language it is shown */
			: { path: path('title'), body: { title: v.title }, done: t('incident.title.done'), says: v.title ?? '' }}>
			<Field label={t('incidents.title')}><input name="title" autofocus required maxLength={200} defaultValue={props.is.title} autocomplete="off" /></Field>
		</Ask>
	);
}

export function LabelDialog(props: DialogOf) {
	const { is } = props;
	const tlp = useSignal<string>(is.tlp), pap = useSignal<string>(is.pap);
	const lowers = tlps.indexOf(tlp.value as 'TLP:RED') < tlps.indexOf(is.tlp) || paps.indexOf(pap.value as 'PAP:RED') < paps.indexOf(is.pap);
	const changed = { ...(tlp.value === is.tlp ? {} : { tlp: tlp.value }), ...(pap.value === is.pap ? {} : { pap: pap.value }) };

	return (
		<Ask {...props} title={t('incident.label')} go={t('save')} to={(v) => Object.keys(changed).length ? { path: path('labels'),
			body: { ...changed, ...(v.reason ? { reason: v.reason } : {}) }, done: t('incident.label.done'), says: `${tlp.value} ${pap.value}` } : null}>
			<p class="quiet">{t('incident.label.lead')} <Label tlp={is.tlp} pap={is.pap} /></p>
			<div class="pair">
				<Field label="TLP"><select value={tlp.value} onChange={(e) => { tlp.value = e.currentTarget.value; }}><Options of={tlps} /></select></Field>
				<Field label="PAP"><select value={pap.value} onChange={(e) => { pap.value = e.currentTarget.value; }}><Options of={paps} /></select></Field>
			</div>
			{lowers && (may('lead')
				? <Field label={t('incident.label.why')}><input name="reason" required maxLength={400} autocomplete="off" /></Field>
				: <p class="form-fault">{t('incident.label.lead-only')}</p>)}
		</Ask>
	);
}

/* What an <input type="datetime-local"> holds, of this browser's zone. */
const local = (is: Date) => new Date(is.getTime() - is.getTimezoneOffset() * 60000).toISOString().slice(0, 19);

export function ClockDialog(props: DialogOf) {
	const known = props.is.aware ?? props.is.opened;
	const shown = local(new Date(known));
	const change = (v: Record<string, string>) => ({
		...(v.set ? { set: v.set } : {}),
		...(v.aware === shown ? {} : { aware: new Date(v.aware!).toISOString() }),	/* untouched is unchanged */
	});

	return (
		<Ask {...props} title={t('incident.clock')} go={t('save')} to={(v) => Object.keys(change(v)).length ? { path: path('clock'),
			body: change(v), done: t('incident.clock.done'), says: v.set || t('incident.clock.aware') } : null}>
			{props.is.clocks && <p class="quiet">{rich('incident.clock.run', { sets: <Name text={props.is.clocks.split('\n').join(', ')} /> })}</p>}
			<Field label={t('incident.clock.start')} hint={t('incident.clock.hint')}>
				<input name="set" autofocus list="sets" maxLength={400} autocomplete="off" /></Field>
			<ClockSets id="sets" />
			<Field label={t('incident.clock.aware')} hint={t('incident.clock.aware.hint')}>
				<input name="aware" type="datetime-local" step={1} defaultValue={shown} required /></Field>
		</Ask>
	);
}

export function MergeDialog(props: DialogOf) {
	const into = useSignal<Incident | null>(null);

	return (
		<Ask {...props} title={t('merge.title', { number: String(props.number) })} go={into.value ? t('merge.go', { into: String(into.value.number) }) : t('merge.pick')}
			to={(v) => into.value && { path: path('merge'), body: { into: into.value.number, reason: v.reason }, done: t('merge.done', { into: String(into.value.number) }),
				says: t('merge.go', { into: String(into.value.number) }) }}>
			<p class="quiet">{t('merge.help')}</p>
			<PickIncident required autofocus label={t('merge.into')} not={props.number} picked={into.value} pick={(i) => { into.value = i; }} />
			<Field label={t('merge.why')}><input name="reason" required maxLength={400} autocomplete="off" /></Field>
		</Ask>
	);
}

export function UnmergeDialog(props: DialogOf) {
	return (
		<Ask {...props} title={t('incident.unmerge')} go={t('incident.unmerge')} to={(v) => ({ path: path('unmerge'), body: { reason: v.reason }, done: t('unmerge.done'), says: t('incident.unmerge') })}>
			<Field label={t('unmerge.why')}><input name="reason" required maxLength={400} autocomplete="off" /></Field>
		</Ask>
	);
}

export function SplitDialog(props: DialogOf & { members: Schema['member_row'][]; picked: Signal<ReadonlySet<string>> }) {
	const { picked } = props, n = picked.value.size;

	return (
		<Ask {...props} title={t('incident.split')} go={n ? t('split.go', { n }) : t('incident.split')} disabled={!n} done={() => { picked.value = new Set(); }}
			to={(v) => ({ path: path('split'), body: { members: [...picked.value], title: v.title, reason: v.reason }, done: t('split.done', { n }), says: t('split.go', { n }) })}>
			<p class="quiet">{t('split.help')}</p>
			<div class="choices" role="group" aria-label={t('members.title')}>
				{props.members.map((m) => (
					<label key={m.id} class="choice"><input type="checkbox" checked={picked.value.has(m.id)} onChange={() => flip(picked, m.id)} />
						<SeverityShape is={m.severity} /><span class="cut"><Name text={m.subject} /></span><span class="quiet cut"><What of={m} /></span></label>
				))}
			</div>
			<Field label={t('incidents.title')}><input name="title" required maxLength={200} autocomplete="off" /></Field>
			<Field label={t('split.why')}><input name="reason" required maxLength={400} autocomplete="off" /></Field>
		</Ask>
	);
}
