// SPDX-License-Identifier: GPL-3.0-or-later
/* notify.tsx - telling somebody: who can act, the letter as they would read it, in their
 * language, and what of it is withheld and why. Nothing is kept before "Draft" or "Approve". */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { asFault, send, useGet, type Fault, type Schema } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Empty } from '../../parts/empty';
import { Field } from '../../parts/form';
import { Icon } from '../../parts/icon';
import { Label } from '../../parts/label';
import { Letter } from '../../parts/letter';
import { Skeleton } from '../../parts/loading';
import { Name, Said } from '../../parts/subject';
import { toast } from '../../parts/toast';
import { may } from '../../state';
import { languageNames, number, t, word, type Language } from '../../text';
import { Options, type Incident } from './parts';

type Shown = Schema['notice_shown'];
type Step = Schema['route_step'];
interface Asked { contact: string; letter: string; language: string; basis: string; redacted: boolean; again: boolean }

/* Those who can act; a contact that takes part in two roles is asked once. */
function Who(props: { steps: Step[]; is: string; pick: (id: string) => void }) {
	const seen = new Set<string>();

	return (
		<div class="choices" role="radiogroup" aria-label={t('notify.who')}>
			{props.steps.filter((s) => !seen.has(s.contact.id) && seen.add(s.contact.id)).map((s) => (
				<label key={s.contact.id} class="choice choice-tall">
					<input type="radio" name="contact" checked={props.is === s.contact.id} disabled={!s.address} onChange={() => props.pick(s.contact.id)} />
					<span class="stack-tight">
						<strong><Said text={s.contact.name || s.contact.id} /></strong>
						<span class="quiet">{word('contact-role', s.role)} · {t('notify.covers')} {s.cover === '.' ? t('contacts.everything') : <Name text={s.cover} />}</span>
						<span class="quiet">{s.address ? <Name text={s.address.value} /> : t('notify.unreachable')}{s.told.length > 0 && <> · {t('notify.told', { n: s.told.length })}</>}</span>
						{!s.cleared && <span class="chip chip-due"><Icon name="lock" />{t('notify.not-cleared')}</span>}
					</span>
				</label>
			))}
		</div>
	);
}

function Preview(props: { is: Shown; incident: Incident }) {
	const { is } = props;

	return (
		<div class="stack">
			<dl class="facts">
				<dt>{t('notify.to')}</dt><dd><Name text={is.value} /></dd>
				<dt>{t('notify.subject')}</dt><dd lang={is.language}><Said text={is.title} /></dd>
				<dt>{t('notify.language')}</dt><dd>{languageNames[is.language as Language] ?? is.language}</dd>
				<dt>{t('notify.label')}</dt><dd><Label tlp={is.tlp} pap={is.pap} /></dd>
				{is.attachments.length > 0 && <><dt>{t('notify.attached')}</dt><dd>{is.attachments.map((a) => <div key={a.name}><Name text={a.name} /> <span class="quiet">{number(a.octets)} B</span></div>)}</dd></>}
			</dl>
			{is.no_sender && <p class="withheld"><Icon name="mail" /><span>{t('notify.no-sender')}</span></p>}
			{is.unconfirmed && <p class="withheld"><Icon name="mail" /><span>{t('notify.unconfirmed', { state: word('state', is.unconfirmed) })}</span></p>}
			{is.withheld > 0
				? <p class="withheld"><Icon name="lock" /><span><strong>{t('notify.withheld', { n: is.withheld })}</strong> {t('notify.withheld.why')} <Label tlp={props.incident.tlp} pap={props.incident.pap} /></span></p>
				: <p class="quiet">{t('notify.whole')}</p>}
			<Letter text={is.text} lang={is.language} />
		</div>
	);
}

const body = (a: Asked) => ({ contact: a.contact, ...(a.letter ? { letter: a.letter } : {}), ...(a.language ? { language: a.language } : {}),
	...(a.basis ? { basis: a.basis } : {}), ...(a.redacted ? { redacted: true } : {}), ...(a.again ? { again: true } : {}) }) as never;

function Settings(props: { asked: Asked; put: (a: Partial<Asked>) => void }) {
	const letters = useGet('/api/v1/letters');
	const { asked, put } = props;

	return (
		<>
			<div class="pair">
				<Field label={t('notify.letter')}><select value={asked.letter} onChange={(e) => put({ letter: e.currentTarget.value })}>
					<Options none={t('notify.letter.fits')} of={letters.data?.items ?? []} titles={letters.data?.titles} /></select></Field>
				<Field label={t('notify.language')}><select value={asked.language} onChange={(e) => put({ language: e.currentTarget.value })}>
					<option value="">{t('notify.language.theirs')}</option>
					{(letters.data?.languages ?? []).map((l) => <option key={l} value={l}>{languageNames[l as Language] ?? l}</option>)}</select></Field>
			</div>
			<Field label={t('notify.basis')} hint={t('notify.basis.hint')}><input value={asked.basis} maxLength={400} autocomplete="off" onChange={(e) => put({ basis: e.currentTarget.value })} /></Field>
			<label class="tick"><input type="checkbox" checked={asked.redacted} onChange={(e) => put({ redacted: e.currentTarget.checked })} />{t('notify.redacted')}</label>
		</>
	);
}

function Inside(props: { is: Incident; close: () => void; again: () => void }) {
	const number = props.is.number;
	const route = useGet('/api/v1/incidents/{number}/route', { path: { number } });
	const asked = useSignal<Asked>({ contact: '', letter: '', language: '', basis: '', redacted: false, again: false });
	const shown = useSignal<Shown | null>(null);
	const fault = useSignal<Fault | null>(null);
	const busy = useSignal(false), turn = useRef(0);
	const put = (a: Partial<Asked>) => { asked.value = { ...asked.value, ...a }; };

	useEffect(() => {
		const now = ++turn.current;

		if (!asked.value.contact)
			return;
		send('POST', '/api/v1/incidents/{number}/letter', { path: { number }, body: body(asked.value) }).then(
			(is) => { if (now === turn.current) { shown.value = is; fault.value = null; } },
			(e) => { if (now === turn.current) { shown.value = null; fault.value = asFault(e); } });
	}, [JSON.stringify(asked.value)]);
	const write = async (approve: boolean) => {
		busy.value = true;
		try {
			const made = await send('POST', '/api/v1/incidents/{number}/notices', { path: { number }, body: { ...(body(asked.value) as object), ...(approve ? { approve } : {}) } as never });

			toast(t(approve ? 'notify.approved' : 'notify.drafted', { number: String(made.number) }));
			props.again();
			props.close();
		} catch (e) {
			fault.value = asFault(e);
		}
		busy.value = false;
	};
	const steps = route.data?.steps ?? [];
	const sends = shown.value && !shown.value.no_sender;

	if (route.fault)
		return <p class="form-fault" role="alert" dir="auto">{route.fault.message}</p>;
	if (!route.data)
		return <Skeleton rows={6} />;
	if (!steps.length)
		return <Empty title={t('notify.nobody')} text={<>{t('notify.nobody.help')} {route.data.about.map((a, i) => <span key={a}>{i ? ', ' : ''}<Name text={a} /></span>)}</>}
			command="vedette contacts import FILE --db vedette.db" action={{ label: t('notify.contacts'), href: '/contacts' }} />;
	return (
		<div class="notify">
			<div class="stack">
				<h3>{t('notify.who')}</h3>
				<Who steps={steps} is={asked.value.contact} pick={(contact) => put({ contact, again: false })} />
				<Settings asked={asked.value} put={put} />
			</div>
			<div class="stack" aria-live="polite">
				<h3>{t('notify.preview')}</h3>
				{fault.value ? (
					<div class="refused" role="alert">
						<strong><Icon name="lock" />{fault.value.status === 403 ? t('notify.refused') : t('fault.title')}</strong>
						<p dir="auto">{fault.value.message}</p>
						{fault.value.status === 403 && !asked.value.redacted && <button type="button" onClick={() => put({ redacted: true })}>{t('notify.redact')}</button>}
						{fault.value.more.code === 'told-already' && <button type="button" onClick={() => put({ again: true })}>{t('notify.again')}</button>}
					</div>
				) : shown.value ? <Preview is={shown.value} incident={props.is} /> : <p class="quiet">{t('notify.pick')}</p>}
			</div>
			<div class="form-end notify-end">
				{may('lead') && <button type="button" class="main" disabled={busy.value || !sends} onClick={() => write(true)}><Icon name="mail" />{t('notify.send')}</button>}
				<button type="button" class={may('lead') ? '' : 'main'} disabled={busy.value || !sends} onClick={() => write(false)}>{t('notify.draft')}</button>
				<button type="button" onClick={props.close}>{t('cancel')}</button>
				<span class="quiet">{t('notify.dry')}</span>
			</div>
		</div>
	);
}

export function Notify(props: { is: Incident; close: () => void; again: () => void }) {
	return <Dialog open wide close={props.close} title={t('notify.title', { number: String(props.is.number) })}><Inside {...props} /></Dialog>;
}
