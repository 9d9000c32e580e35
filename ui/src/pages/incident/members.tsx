// SPDX-License-Identifier: GPL-3.0-or-later
/* members.tsx - findings and reports that belong to an incident; more are added, wrong ones
 * taken out with a reason (grouping never puts those back). */
import { useSignal, type Signal } from '@preact/signals';
import { useList, type Schema } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Empty } from '../../parts/empty';
import { Field, Form } from '../../parts/form';
import { Filter } from '../../parts/filter';
import { Icon } from '../../parts/icon';
import { Label } from '../../parts/label';
import { flip } from '../../parts/pick';
import { Reason } from '../../parts/reason';
import { Skeleton } from '../../parts/loading';
import { Severity, SeverityShape } from '../../parts/severity';
import { Name, Said } from '../../parts/subject';
import { Table } from '../../parts/table';
import { Time } from '../../parts/when';
import { to } from '../../router';
import { may } from '../../state';
import { t } from '../../text';
import type { PartProps } from '../incident';

type Member = Schema['member_row'];
interface MembersProps extends PartProps { picked: Signal<ReadonlySet<string>>; add: boolean; adding: (on: boolean) => void; split: () => void }

function AddFindings(props: PartProps & { close: () => void }) {
	const text = useSignal('');
	const picked = useSignal<ReadonlySet<string>>(new Set());
	const list = useList('/api/v1/findings', { query: { state: 'none', limit: 40, ...(text.value ? { text: text.value } : {}) } as never });

	return (
		<Dialog open wide close={props.close} title={t('incident.add')}>
			<Form button={picked.value.size ? t('members.add.go', { n: picked.value.size }) : t('incident.add')} cancel={props.close} disabled={!picked.value.size} submit={async (v) => {
				await props.change.run({ path: '/api/v1/incidents/{number}/members', body: { findings: [...picked.value], ...(v.reason ? { reason: v.reason } : {}) },
					done: t('members.added', { n: picked.value.size }), says: t('members.add.go', { n: picked.value.size }) }, props.whole.incident.version);
				props.close();
			}}>
				<Filter label={t('members.find')} value={text.value} busy={list.busy} change={(is) => { text.value = is; }} />
				{list.fault && <p class="form-fault" role="alert" dir="auto">{list.fault.message}</p>}
				{!list.data ? list.slow && <Skeleton rows={6} />
				: !list.data.length ? <p class="quiet">{t('members.find.none')}</p>
				: <div class="choices" role="group" aria-label={t('nav.findings')}>
					{list.data.map((f) => (
						<label key={f.id} class="choice"><input type="checkbox" checked={picked.value.has(f.id)} onChange={() => flip(picked, f.id)} />
							<SeverityShape is={f.severity} /><Name text={f.subject} /><span class="cut quiet"><Said text={f.said} /></span></label>
					))}
				</div>}
				<Field label={t('members.add.why')}><input name="reason" maxLength={400} autocomplete="off" /></Field>
			</Form>
		</Dialog>
	);
}

/* What was found, as the catalogue calls it; its id for who looks closer. */
export function What(props: { of: Member }) {
	const m = props.of;

	return <span title={m.rule}><Said text={m.kind === 'report' ? t('members.report', { number: m.id, what: m.title }) : m.title} /></span>;
}

const link = (m: Member) => m.kind === 'report' ? to('inbox', m.id) : to('findings', m.id);

export function Members(props: MembersProps) {
	const { members } = props.whole;
	const out = useSignal<Member | null>(null);
	const mine = may('analyst');
	const remove = (m: Member) => <button type="button" class="plain icon-only" aria-label={t('members.remove')} title={t('members.remove')} onClick={() => { out.value = m; }}><Icon name="close" /></button>;

	return (
		<section class="box" aria-label={t('members.title')}>
			<div class="box-head">
				<h2>{t('members.title')} <span class="quiet">{members.length || ''}</span></h2>
				{mine && (
					<div class="line">
						{props.picked.value.size > 0 && <button type="button" onClick={props.split}>{t('split.go', { n: props.picked.value.size })}</button>}
						<button type="button" onClick={() => props.adding(true)}><Icon name="plus" />{t('incident.add')}</button>
					</div>
				)}
			</div>
			{members.length === 0 ? <Empty title={t('members.none')} text={t('members.none.help')} /> : (
				<Table label={t('members.title')} rows={members} id={(m) => m.id} href={link} severity={(m) => m.severity} selected={mine ? props.picked : undefined}
					card={(m) => <div class="row-card"><div class="line"><SeverityShape is={m.severity} /><span class="cut"><Name text={m.subject} /></span></div>
						<div class="line quiet"><span class="cut"><What of={m} /></span><Label tlp={m.tlp} />{mine && remove(m)}</div></div>}
					columns={[
						{ name: 'severity', head: t('incidents.severity'), width: '6.5rem', cell: (m) => <Severity is={m.severity} /> },
						{ name: 'subject', head: t('incidents.subject'), cell: (m) => <a href={link(m)}><Name text={m.subject} /></a> },
						{ name: 'rule', head: t('members.rule'), cell: (m) => <What of={m} /> },
						{ name: 'until', head: t('members.until'), hide: 'wide', cell: (m) => <Time at={m.until} as="minutes" /> },
						{ name: 'tlp', head: 'TLP', cell: (m) => <Label tlp={m.tlp} /> },
						...(mine ? [{ name: 'do', head: '', width: '2.5rem', cell: remove }] : []),
					]} />
			)}
			{out.value && (
				<Reason danger title={t('members.remove')} why={t('members.remove.why')} hint={t('members.remove.hint')} close={() => { out.value = null; }} submit={(reason) =>
					props.change.run({ path: '/api/v1/incidents/{number}/members/{member}/remove', values: { member: out.value!.id }, body: { reason },
						done: t('members.removed'), says: t('members.remove') }, props.whole.incident.version)}>
					<p><Severity is={out.value.severity} /> <Name text={out.value.subject} /> <span class="quiet"><What of={out.value} /></span></p>
				</Reason>
			)}
			{props.add && <AddFindings {...props} close={() => props.adding(false)} />}
		</section>
	);
}
