// SPDX-License-Identifier: GPL-3.0-or-later
/* mutes.tsx - what is known to be no threat: which rule about which subject, why, whose word
 * it is, until when. Never for ever. */
import { useSignal } from '@preact/signals';
import { send, useList, type Schema } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Field, Form } from '../../parts/form';
import { Reason } from '../../parts/reason';
import { Name, Said } from '../../parts/subject';
import { toast } from '../../parts/toast';
import { Time } from '../../parts/when';
import { to } from '../../router';
import { may } from '../../state';
import { inDays, isTime, now, stamp } from '../../time';
import { t } from '../../text';
import { List } from './list';

type Mute = Schema['mute'];
const holds = (m: Mute) => !isTime(m.lifted) && stamp(m.expires).getTime() > now.value;

function New(props: { close: () => void; done: () => void }) {
	return (
		<Dialog open close={props.close} title={t('settings.mutes.new')}>
			<Form button={t('settings.mutes.new')} cancel={props.close} submit={async (v) => {
				if (!v.rule && !v.subject)
					throw new Error(t('settings.mutes.something'));
				await send('POST', '/api/v1/mutes', { body: { reason: v.reason!, expires: v.expires + 'T00:00:00Z',
					...(v.rule ? { rule: v.rule } : {}), ...(v.subject ? { subject: v.subject } : {}) } });
				toast(t('settings.mutes.made'));
				props.done();
				props.close();
			}}>
				<Field label={t('members.rule')} hint={t('settings.mutes.rule.hint')}><input name="rule" class="mono" maxLength={63} autofocus autocomplete="off" spellcheck={false} /></Field>
				<Field label={t('incidents.subject')} hint={t('settings.mutes.subject.hint')}><input name="subject" class="mono" maxLength={1000} autocomplete="off" spellcheck={false} /></Field>
				<Field label={t('settings.mutes.why')}><input name="reason" required maxLength={400} autocomplete="off" /></Field>
				<Field label={t('settings.tokens.until')} hint={t('state.mute.year')}><input name="expires" type="date" required defaultValue={inDays(30)} min={inDays(1)} max={inDays(365)} /></Field>
			</Form>
		</Dialog>
	);
}

export function Mutes() {
	const list = useList('/api/v1/mutes', { query: { limit: 500 } });
	const add = useSignal(false), lift = useSignal<Mute | null>(null);
	const end = (m: Mute) => isTime(m.lifted) ? <span class="chip">{t('settings.mutes.gone')}</span>
		: holds(m) ? <Time at={m.expires} as="relative" /> : <span class="chip">{t('settings.tokens.ended')}</span>;
	const liftable = (m: Mute) => holds(m) && <button type="button" class="plain" onClick={() => { lift.value = m; }}>{t('settings.mutes.lift')}</button>;

	return (
		<List title={t('settings.mutes')} list={list} id={(m) => String(m.number)} none={{ title: t('settings.mutes.none'), text: t('settings.mutes.none.help') }}
			add={may('lead') && { label: t('settings.mutes.new'), run: () => { add.value = true; } }}
			card={(m) => <div class="row-card"><div class="line"><Name text={m.rule || '*'} /><Name text={m.subject || '*'} /></div><div class="line quiet"><span class="cut"><Said text={m.reason} /></span>{end(m)}{may('lead') && liftable(m)}</div></div>}
			columns={[
				{ name: 'rule', head: t('members.rule'), cell: (m) => <Name text={m.rule || '*'} /> },
				{ name: 'subject', head: t('incidents.subject'), cell: (m) => <Name text={m.subject || '*'} /> },
				{ name: 'reason', head: t('state.why'), cell: (m) => <><Said text={m.reason} />{m.incident > 0 && <> <a href={to('incidents', m.incident)}>{t('inbox.in', { number: String(m.incident) })}</a></>}</> },
				{ name: 'owner', head: t('incidents.owner'), hide: 'medium', cell: (m) => <Name text={m.owner} /> },
				{ name: 'expires', head: t('settings.sessions.ends'), cell: end },
				...(may('lead') ? [{ name: 'do', head: '', width: '7rem', cell: liftable }] : []),
			]}>
			{add.value && <New close={() => { add.value = false; }} done={list.again} />}
			{lift.value && (
				<Reason title={t('settings.mutes.lift')} close={() => { lift.value = null; }} submit={async (reason) => {
					await send('DELETE', '/api/v1/mutes/{number}', { path: { number: lift.value!.number }, body: { reason } as never });
					toast(t('settings.mutes.lifted'));
					list.again();
				}}>
					<p><Name text={lift.value.rule || '*'} /> <Name text={lift.value.subject || '*'} /></p>
				</Reason>
			)}
		</List>
	);
}
