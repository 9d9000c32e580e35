// SPDX-License-Identifier: GPL-3.0-or-later
/* export.tsx - an incident for somebody: in a format of exchange, or as a sealed proof. What
 * a label forbids is refused before anything leaves: the refusal names the items, and what
 * could leave instead is offered. */
import { useSignal } from '@preact/signals';
import { asFault, raw, send, url, useGet, useList, type Fault, type Schema } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Field } from '../../parts/form';
import { Icon } from '../../parts/icon';
import { Label } from '../../parts/label';
import { Menu, MenuItem } from '../../parts/menu';
import { named, save } from '../../parts/save';
import { Name, Said } from '../../parts/subject';
import { toast } from '../../parts/toast';
import { number, t, word } from '../../text';
import type { Incident } from './parts';

interface Item { kind: string; id: string; tlp: string; pap: string }
type Shared = Schema['shared_item'];

/* A refusal says ids alone; who asks has seen what they are (`known`). */
export function Refused(props: { fault: Fault; known?: Shared[]; redact?: () => void }) {
	const items = Array.isArray(props.fault.more.items) ? props.fault.more.items as Item[] : [];
	const called = (i: Item) => {
		const is = props.known?.find((k) => k.id === i.id && k.kind === i.kind && k.title !== '');

		return is ? <><Said text={is.title} /> {is.subject && <Name text={is.subject} />}</> : <Name text={i.id.slice(0, 16)} />;
	};

	return (
		<div class="refused" role="alert">
			<strong><Icon name="lock" />{props.fault.status === 403 ? t('notify.refused') : t('fault.title')}</strong>
			<p dir="auto">{props.fault.message}</p>
			{items.length > 0 && <ul class="refused-items">{items.map((i) => <li key={i.kind + i.id}>{word('item', i.kind)} {called(i)} <Label tlp={i.tlp} pap={i.pap} /></li>)}</ul>}
			{props.redact && <button type="button" onClick={props.redact}>{t('export.redact')}</button>}
		</div>
	);
}

function Who(props: { is: string; pick: (id: string) => void }) {
	const contacts = useList('/api/v1/contacts', { query: { limit: 500 } as never });

	return (
		<Field label={t('export.whom')} hint={t('export.whom.hint')}>
			<select value={props.is} onChange={(e) => props.pick(e.currentTarget.value)}>
				<option value="">{t('export.me')}</option>
				{(contacts.data as { id: string; name: string }[] | undefined)?.map((c) => <option key={c.id} value={c.id}>{c.name || c.id}</option>)}
			</select>
		</Field>
	);
}

function Export(props: { is: Incident; proof: boolean; close: () => void }) {
	const of = props.is.number;
	const formats = useGet('/api/v1/sharing/formats');
	const would = useGet('/api/v1/sharing/who', { query: { incidents: String(of) } as never });
	const format = useSignal('stix'), whom = useSignal(''), redacted = useSignal(false);
	const fault = useSignal<Fault | null>(null), busy = useSignal(false);
	const writes = formats.data?.items.filter((f) => f.writes) ?? [];
	const can = whom.value ? would.data?.contacts.find((c) => c.contact === whom.value) : undefined;
	const carries = props.proof ? undefined : would.data?.formats.find((f) => f.format === format.value);
	const give = async () => {
		const r = await raw('GET', url('/api/v1/sharing/export/{format}', { format: format.value }, { incidents: of, contact: whom.value, ...(redacted.value ? { redacted: true } : {}) }));

		save(await r.blob(), named(r, `incident-${of}`));
	};
	const prove = async () => {
		const p = await send('POST', '/api/v1/incidents/{number}/proof', { path: { number: of }, body: { ...(whom.value ? { contact: whom.value } : {}), ...(redacted.value ? { redacted: true } : {}) } });

		save(new Blob([p.record], { type: 'application/jsonl' }), `incident-${of}-proof.jsonl`);
		save(new Blob([p.page], { type: 'text/html' }), `incident-${of}-proof.html`);
	};
	const story = props.proof ? '' : writes.find((f) => f.format === format.value)?.story;
	const go = async () => {
		busy.value = true;
		fault.value = null;
		try {
			await (props.proof ? prove() : give());
			toast(t('export.done'));
			props.close();
		} catch (e) {
			fault.value = asFault(e);
		}
		busy.value = false;
	};

	return (
		<Dialog open close={props.close} title={t(props.proof ? 'export.proof' : 'export.title', { number: String(of) })}>
			{props.proof && <p class="quiet">{t('export.proof.help')}</p>}
			<Who is={whom.value} pick={(id) => { whom.value = id; fault.value = null; }} />
			{!props.proof && (
				<Field label={t('export.format')}>
					<select value={format.value} onChange={(e) => { format.value = e.currentTarget.value; fault.value = null; }}>
						{writes.map((f) => <option key={f.format} value={f.format}>{f.title}</option>)}</select></Field>
			)}
			{story && <details><summary>{t('export.story')}</summary><p>{story}</p></details>}
			<dl class="facts">
				<dt>{t('export.incident')}</dt><dd><Label tlp={props.is.tlp} pap={props.is.pap} /></dd>
				{can && <><dt>{t('export.they')}</dt><dd><Label tlp={can.tlp} pap={can.pap} /> {t('export.may', { n: can.may, of: number(can.of) })}</dd></>}
				{carries && <><dt>{t('export.carries')}</dt><dd><Label tlp={carries.tlp} pap={carries.pap} /> {t('export.may', { n: carries.may, of: number(carries.of) })}</dd></>}
			</dl>
			<label class="tick"><input type="checkbox" checked={redacted.value} onChange={(e) => { redacted.value = e.currentTarget.checked; fault.value = null; }} />{t('notify.redacted')}</label>
			{fault.value && <Refused fault={fault.value} known={would.data?.items} redact={fault.value.status === 403 && !redacted.value ? () => { redacted.value = true; fault.value = null; } : undefined} />}
			<div class="form-end"><button type="button" class="main" disabled={busy.value} onClick={go}><Icon name="download" />{t('report.download')}</button>
				<button type="button" onClick={props.close}>{t('cancel')}</button></div>
		</Dialog>
	);
}

export function Exports(props: { is: Incident }) {
	const what = useSignal<'' | 'format' | 'proof'>('');

	return (
		<>
			<Menu class="boxed" label={t('export.menu')} button={t('export.menu')}>
				<MenuItem run={() => { what.value = 'format'; }}>{t('export.format.menu')}</MenuItem>
				<MenuItem run={() => { what.value = 'proof'; }}>{t('export.proof.menu')}</MenuItem>
			</Menu>
			{what.value && <Export is={props.is} proof={what.value === 'proof'} close={() => { what.value = ''; }} />}
		</>
	);
}
