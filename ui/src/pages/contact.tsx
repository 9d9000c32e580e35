// SPDX-License-Identifier: GPL-3.0-or-later
/* contact.tsx - one contact: how it is reached and whether anybody answered, why its key is
 * believed, what it was told, who else can act for the same. */
import { useSignal } from '@preact/signals';
import { send, sentence, useGet, type Schema } from '../api';
import { useKeys } from '../keys';
import { useLive } from '../live';
import { Dialog } from '../parts/dialog';
import { FaultView } from '../parts/fault';
import { Field, Form } from '../parts/form';
import { Icon } from '../parts/icon';
import { Label } from '../parts/label';
import { Letter } from '../parts/letter';
import { Skeleton } from '../parts/loading';
import { Menu, MenuItem } from '../parts/menu';
import { Name, Said } from '../parts/subject';
import { bad, toast } from '../parts/toast';
import { Time } from '../parts/when';
import { go, to } from '../router';
import { useHeading } from '../shell';
import { may } from '../state';
import { inDays, isTime, now, stamp } from '../time';
import { t, word } from '../text';
import { AddAddress, Change } from './contact/change';
import { lines, Proof, Reach, type Contact } from './contact/parts';
import { Trust } from './contact/trust';
import { Vouched } from './contact/vouched';
import { Secret } from './settings/secret';

type Whole = Schema['contact_whole'];
type What = '' | 'change' | 'address' | 'drill' | 'vouch' | 'vouched' | 'remove';

function Addresses(props: { is: Whole; add: () => void; done: () => void }) {
	const { contact, addresses } = props.is;
	const drop = (a: Schema['address']) => send('POST', '/api/v1/contacts/{id}/addresses/drop', { path: { id: contact.id }, body: { channel: a.channel, value: a.value } })
		.then(() => { toast(t('contacts.address.dropped')); props.done(); }, bad);

	return (
		<section class="box">
			<div class="box-head"><h2>{t('contacts.addresses')}</h2>
				{may('analyst') && <button type="button" onClick={props.add}><Icon name="plus" />{t('contacts.address.new')}</button>}</div>
			{!addresses.length ? <p class="quiet">{t('contacts.addresses.none')}</p> : (
				<ul class="entries">
					{addresses.map((a) => (
						<li key={a.channel + a.value} class="address">
							<span class="quiet">{word('channel', a.channel)}</span>
							<Name text={a.value} />
							<span class="line"><Proof is={a.proof} />{isTime(a.at) && <span class="quiet"><Time at={a.at} as="relative" /></span>}</span>
							{may('analyst') && <button type="button" class="plain icon-only" aria-label={t('contacts.address.drop', { value: a.value })} onClick={() => drop(a)}><Icon name="close" /></button>}
						</li>
					))}
				</ul>
			)}
		</section>
	);
}

function Drills(props: { is: Whole; done: () => void }) {
	const answered = (token: string) => send('POST', '/api/v1/drills/{token}/answer', { path: { token } })
		.then(() => { toast(t('drill.noted')); props.done(); }, bad);

	return (
		<section class="box">
			<h2>{t('drill.title')}</h2>
			{!props.is.drills.length ? <p class="quiet">{t('drill.none')}</p> : (
				<ul class="entries">
					{props.is.drills.map((d) => {
						const late = stamp(d.due).getTime() < now.value;

						return (
							<li key={d.token} class="line">
								{isTime(d.answered) ? <span class="chip chip-good"><Icon name="check" />{t('drill.answered')}</span>
									: late ? <span class="chip chip-due">{t('drill.silent')}</span> : <span class="chip">{t('drill.waits')}</span>}
								<Time at={d.sent} as="relative" /><Name text={d.value} />
								<span class="quiet">{isTime(d.answered) ? <Said text={d.answer} /> : <>{t('drill.due')} <Time at={d.due} as="relative" /></>}</span>
								{may('analyst') && !isTime(d.answered) && <button type="button" class="plain" onClick={() => answered(d.token)}>{t('drill.note')}</button>}
							</li>
						);
					})}
				</ul>
			)}
		</section>
	);
}

function Told(props: { is: Whole }) {
	const { notices } = props.is;

	return (
		<section class="box">
			<h2>{t('contacts.told')}</h2>
			{!notices.length ? <p class="quiet">{t('contacts.told.none')}</p> : (
				<ul class="entries">
					{notices.slice(0, 50).map((n) => (
						<li key={n.number} class="stack-tight">
							<Said text={n.title} />
							<span class="line quiet"><span class="chip">{word('notice', n.state)}</span><Time at={n.at} as="relative" />
								{n.incident > 0 && <a href={to('incidents', n.incident)}>{t('inbox.in', { number: String(n.incident) })}</a>}<Label tlp={n.tlp} /></span>
						</li>
					))}
				</ul>
			)}
		</section>
	);
}

function Vouches(props: { is: Whole }) {
	const one = (v: Schema['vouch'], who: string) => {
		const over = stamp(v.until).getTime() < now.value;

		return <li key={v.by + v.whom + v.at} class="line">{who === 'self' ? t('trust.us') : <a href={to('contacts', who)}><Name text={who} /></a>}
			<span class={over ? 'chip chip-due' : 'quiet'}>{t(over ? 'trust.ended' : 'trust.until')} <Time at={v.until} as="relative" /></span></li>;
	};

	if (!props.is.vouched_by.length && !props.is.vouches_for.length)
		return null;
	return (
		<section class="box stack">
			{props.is.vouched_by.length > 0 && <div><h2>{t('trust.by')}</h2><ul class="entries">{props.is.vouched_by.map((v) => one(v, v.by))}</ul></div>}
			{props.is.vouches_for.length > 0 && <div><h2>{t('trust.for')}</h2><ul class="entries">{props.is.vouches_for.map((v) => one(v, v.whom))}</ul></div>}
		</section>
	);
}

function Facts(props: { is: Contact }) {
	const c = props.is;
	const fact = (key: Parameters<typeof t>[0], is: preact.ComponentChildren) => is ? <><dt>{t(key)}</dt><dd>{is}</dd></> : null;

	return (
		<section class="box">
			<h2>{t('incident.facts')}</h2>
			<dl class="facts">
				{fact('settings.clearance', <Label tlp={c.tlp} pap={c.pap} />)}
				{fact('contacts.organisation', c.organisation && <a href={to('contacts', c.organisation)}><Name text={c.organisation} /></a>)}
				{fact('contacts.covers', lines(c.covers).map((x) => <div key={x}>{x === '.' ? t('contacts.everything') : <Name text={x} />}</div>))}
				{fact('contacts.languages', lines(c.languages).join(' '))}
				{fact('contacts.hours', c.hours && <Said text={c.hours} />)}
				{fact('contacts.prefers', lines(c.prefers).join(' '))}
				{fact('contacts.place', String(c.place))}
				{fact('contacts.proven', <Time at={c.proven} as="minutes" />)}
				{fact('incident.changed', <Time at={c.changed} as="relative" />)}
				{fact('contacts.source', c.source && <Said text={[c.source, c.handle].filter(Boolean).join(' ')} />)}
				{fact('contacts.note', c.note && <span class="note"><Said text={c.note} /></span>)}
			</dl>
		</section>
	);
}

/* Who else can act for what it covers, in the order in which they are asked. */
function Escalation(props: { is: Contact }) {
	const about = lines(props.is.covers).find((c) => c !== '.');
	const asked = useGet(about ? '/api/v1/route' : null, { query: { about } });
	const steps = asked.data?.steps ?? [];

	if (!about || steps.length < 2)
		return null;
	return (
		<section class="box">
			<h2>{t('contacts.escalation')} <Name text={about} /></h2>
			<ol class="entries">
				{steps.slice(0, 12).map((s, i) => (
					<li key={s.role + s.contact.id} class="acting-step">
						<span class="acting-place">{i + 1}</span>
						<span class="line">{s.contact.id === props.is.id ? <strong><Said text={s.contact.name || s.contact.id} /></strong>
							: <a href={to('contacts', s.contact.id)}><Said text={s.contact.name || s.contact.id} /></a>}{' '}<span class="quiet">{word('contact-role', s.role)}</span></span>
						<Reach is={s.address} />
					</li>
				))}
			</ol>
		</section>
	);
}

/* The letter is shown first; nothing goes out before somebody says so. */
function Drill(props: { is: Contact; close: () => void; done: () => void }) {
	const letter = useSignal<Schema['notice_shown'] | null>(null), fault = useSignal(''), asked = useSignal(false);
	const ask = (approve?: boolean) => send('POST', '/api/v1/contacts/{id}/drill', { path: { id: props.is.id }, body: approve === undefined ? { dry_run: true } : approve ? { approve } : {} });

	if (!asked.value) {
		asked.value = true;
		ask().then((l) => { letter.value = l; }, (e) => { fault.value = sentence(e); });
	}
	return (
		<Dialog open close={props.close} title={t('drill.new')}>
			{fault.value ? <p class="form-fault" role="alert" dir="auto">{fault.value}</p> : !letter.value ? <p class="quiet">{t('loading')}</p> : (
				<Form button={t(may('lead') ? 'notify.send' : 'notify.draft')} cancel={props.close} disabled={letter.value.no_sender} submit={async () => {
					await ask(may('lead'));
					toast(t('drill.made'));
					props.done();
					props.close();
				}}>
					<p class="quiet">{t('drill.help')}</p>
					{letter.value.no_sender && <p class="withheld"><Icon name="mail" /><span>{t('notify.no-sender')}</span></p>}
					<dl class="facts"><dt>{t('notify.to')}</dt><dd><Name text={letter.value.value} /></dd><dt>{t('notify.subject')}</dt><dd lang={letter.value.language}><Said text={letter.value.title} /></dd></dl>
					<Letter text={letter.value.text} lang={letter.value.language} />
				</Form>
			)}
		</Dialog>
	);
}

function Vouch(props: { is: Contact; close: () => void; made: (statement: string) => void }) {
	const ours = useGet('/api/v1/contacts/{id}/trust', { path: { id: props.is.id } });

	if (ours.data && !ours.data.from)	// no key of ours: nothing to sign with
		return <Dialog open close={props.close} title={t('trust.vouch')}><p>{t('trust.unsigned')}</p></Dialog>;
	return (
		<Dialog open close={props.close} title={t('trust.vouch')}>
			<Form button={t('trust.vouch')} cancel={props.close} submit={async (v) => {
				const r = await send('POST', '/api/v1/contacts/{id}/vouch', { path: { id: props.is.id }, body: v.revoke ? { revoke: true } : { until: v.until + 'T00:00:00Z' } });

				props.made(r.statement);
			}}>
				<p class="quiet">{t('trust.vouch.help')}</p>
				<Field label={t('settings.tokens.until')}><input name="until" type="date" required autofocus defaultValue={inDays(365)} /></Field>
				<label class="tick"><input type="checkbox" name="revoke" value="1" />{t('trust.revoke')}</label>
			</Form>
		</Dialog>
	);
}

function Remove(props: { is: Contact; close: () => void }) {
	return (
		<Dialog open close={props.close} title={t('contacts.remove')}>
			<Form danger button={t('contacts.remove')} cancel={props.close} submit={async () => {
				await send('DELETE', '/api/v1/contacts/{id}', { path: { id: props.is.id } });
				toast(t('contacts.removed', { name: props.is.name || props.is.id }));
				go('/contacts');
			}}>
				<p>{t('contacts.remove.help')}</p>
			</Form>
		</Dialog>
	);
}

export default function OneContact(props: { id: string }) {
	const asked = useGet('/api/v1/contacts/{id}', { path: { id: props.id } });
	const what = useSignal<What>(''), made = useSignal(''), turn = useSignal(0);
	const is = asked.data, c = is?.contact;
	const close = () => { what.value = ''; };

	useHeading(c ? c.name || c.id : props.id);
	useLive((e) => e.about === 'contact:' + props.id || e.kind.startsWith('notice.'), asked.again, 1500);
	useKeys(c && may('analyst') ? [{ keys: 'e', help: 'contacts.change', run: () => { what.value = 'change'; } },
		{ keys: 'd', help: 'drill.new', run: () => { what.value = 'drill'; } }] : []);
	if (asked.fault)
		return <FaultView fault={asked.fault} again={asked.again} />;
	if (!is || !c)
		return asked.slow ? <Skeleton rows={14} /> : null;
	return (
		<div class="page">
			<header class="page-head">
				<div class="incident-head">
					<div class="line"><Name class="quiet" text={c.id} /><span class="quiet">{word('contact-kind', c.kind)}</span>
						{lines(c.roles).map((r) => <span key={r} class="chip">{word('contact-role', r)}</span>)}</div>
					<h1><Said text={c.name || c.id} /></h1>
				</div>
				{may('analyst') && <button type="button" onClick={() => { what.value = 'drill'; }}><Icon name="mail" />{t('drill.new')}</button>}
				{may('analyst') && <button type="button" class="main" onClick={() => { what.value = 'change'; }}>{t('contacts.change')}</button>}
				{may('lead') && (
					<Menu class="boxed" label={t('incident.more')} button={t('incident.more')}>
						<MenuItem run={() => { what.value = 'vouch'; }}>{t('trust.vouch')}</MenuItem>
						<MenuItem run={() => { what.value = 'remove'; }}>{t('contacts.remove')}</MenuItem>
					</Menu>
				)}
			</header>
			<div class="incident-grid">
				<div class="stack-wide">
					<Addresses is={is} add={() => { what.value = 'address'; }} done={asked.again} />
					<Trust key={turn.value} id={c.id} own={is.addresses.find((a) => a.channel === 'key')?.value ?? ''} take={may('analyst') ? () => { what.value = 'vouched'; } : undefined} />
					<Drills is={is} done={asked.again} />
					<Told is={is} />
				</div>
				<div class="stack-wide">
					<Facts is={c} />
					<Escalation is={c} />
					{is.people.length > 0 && (
						<section class="box"><h2>{t('contacts.people')}</h2>
							<ul class="entries">{is.people.map((p) => <li key={p.id} class="line"><a href={to('contacts', p.id)}><Said text={p.name || p.id} /></a>
								<span class="quiet">{lines(p.roles).map((r) => word('contact-role', r)).join(', ')}</span></li>)}</ul></section>
					)}
					<Vouches is={is} />
				</div>
			</div>
			{what.value === 'change' && <Change is={c} close={close} done={asked.again} />}
			{what.value === 'address' && <AddAddress is={c} close={close} done={asked.again} />}
			{what.value === 'drill' && <Drill is={c} close={close} done={asked.again} />}
			{what.value === 'vouch' && <Vouch is={c} close={close} made={(s) => { close(); made.value = s; turn.value++; asked.again(); }} />}
			{what.value === 'vouched' && <Vouched close={close} done={() => { turn.value++; asked.again(); }} />}
			{what.value === 'remove' && <Remove is={c} close={close} />}
			{made.value && <Secret title={t('trust.made')} help={t('trust.made.help')} text={made.value} close={() => { made.value = ''; }} />}
		</div>
	);
}
