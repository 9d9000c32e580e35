// SPDX-License-Identifier: GPL-3.0-or-later
/* rules.tsx - letters that need no hand: when an incident reaches a state, whoever covers its
 * subject in a role is told. A rule gives the word in the name of who made it. */
import { useSignal } from '@preact/signals';
import { send, useGet, useList, type Schema } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Field, Form } from '../../parts/form';
import { Reason } from '../../parts/reason';
import { atLeast, severities, SeverityShape } from '../../parts/severity';
import { Name } from '../../parts/subject';
import { toast } from '../../parts/toast';
import { may } from '../../state';
import { isTime } from '../../time';
import { rich, t, word } from '../../text';
import { openStates, Options, useLetters } from '../incident/parts';
import { List } from './list';

type Rule = Schema['notice_rule'];
const roles = ['registrar', 'registry', 'operator', 'host', 'abuse', 'technical', 'cert', 'regulator', 'police', 'reporter', 'registrant', 'team'];

function New(props: { close: () => void; done: () => void }) {
	const letters = useGet('/api/v1/letters');

	return (
		<Dialog open close={props.close} title={t('rules.new')}>
			<Form button={t('rules.new')} cancel={props.close} submit={async (v) => {
				const made = await send('POST', '/api/v1/notice_rules', { body: { name: v.name!, role: v.role as 'host', letter: v.letter!, state: v.state as 'confirmed',
					...(v.severity ? { severity: v.severity as 'high' } : {}), ...(v.family ? { family: v.family } : {}), ...(v.redacted ? { redacted: true } : {}) } });
				toast(t(made.runs ? 'rules.made' : 'rules.idle', { name: v.name! }));
				props.done();
				props.close();
			}}>
				<Field label={t('settings.name')} hint={t('rules.name.hint')}><input name="name" class="mono" required pattern="[a-z0-9-]{1,39}" maxLength={39} autofocus autocomplete="off" /></Field>
				<div class="pair">
					<Field label={t('rules.state')}><select name="state"><Options words="state" of={openStates} is="confirmed" /></select></Field>
					<Field label={t('incidents.severity')}><select name="severity"><Options none={t('incidents.severity.any')} words="severity" of={severities.slice(1)} is="high" /></select></Field>
				</div>
				<Field label={t('incidents.family')} hint={t('rules.family.hint')}><input name="family" maxLength={60} autocomplete="off" /></Field>
				<div class="pair">
					<Field label={t('rules.role')}><select name="role"><Options words="contact-role" of={roles} /></select></Field>
					<Field label={t('notify.letter')}><select name="letter" required><Options of={letters.data?.items ?? []} titles={letters.data?.titles} /></select></Field>
				</div>
				<label class="tick"><input type="checkbox" name="redacted" value="1" />{t('notify.redacted')}</label>
			</Form>
		</Dialog>
	);
}

const says = (r: Rule, letters: Record<string, string>) =>
	rich('rules.says', { state: word('state', r.state), role: word('contact-role', r.role), letter: <span title={r.letter}>{letters[r.letter] ?? r.letter}</span> });

export function Rules() {
	const list = useList('/api/v1/notice_rules', { query: { limit: 500 } });
	const letters = useLetters();
	const add = useSignal(false), lift = useSignal<Rule | null>(null);
	const stands = (r: Rule) => isTime(r.lifted) ? <span class="chip">{t('settings.mutes.gone')}</span>
		: may('lead') && <button type="button" class="plain" onClick={() => { lift.value = r; }}>{t('settings.mutes.lift')}</button>;

	return (
		<List title={t('settings.rules')} list={list} id={(r) => String(r.number)} none={{ title: t('rules.none'), text: t('rules.none.help') }}
			add={may('lead') && { label: t('rules.new'), run: () => { add.value = true; } }}
			card={(r) => <div class="row-card"><div class="line"><strong><Name text={r.name} /></strong>{stands(r)}</div><div class="quiet">{says(r, letters)}</div></div>}
			columns={[
				{ name: 'name', head: t('settings.name'), cell: (r) => <Name text={r.name} /> },
				{ name: 'says', head: t('rules.what'), cell: (r) => says(r, letters) },
				{ name: 'severity', head: t('incidents.severity'), cell: (r) => <span class="sev"><SeverityShape is={r.severity} />{atLeast(r.severity)}</span> },
				{ name: 'family', head: t('incidents.family'), hide: 'medium', cell: (r) => <Name text={r.family || '*'} /> },
				{ name: 'form', head: t('rules.form'), hide: 'medium', cell: (r) => word('form', r.form) },
				{ name: 'owner', head: t('incidents.owner'), cell: (r) => <Name text={r.owner} /> },
				{ name: 'do', head: t('rules.stands'), width: '7rem', cell: stands },
			]}>
			{add.value && <New close={() => { add.value = false; }} done={list.again} />}
			{lift.value && (
				<Reason title={t('settings.mutes.lift')} close={() => { lift.value = null; }} submit={async (reason) => {
					await send('POST', '/api/v1/notice_rules/{number}/lift', { path: { number: lift.value!.number }, body: { reason } });
					toast(t('rules.lifted', { name: lift.value!.name }));
					list.again();
				}}>
					<p><Name text={lift.value.name} /> <span class="quiet">{says(lift.value, letters)}</span></p>
				</Reason>
			)}
		</List>
	);
}
