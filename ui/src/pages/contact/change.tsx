// SPDX-License-Identifier: GPL-3.0-or-later
/* change.tsx - a new contact, and what is told of one. What they may have is said by a lead;
 * only what was changed is sent. */
import { send } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Field, Form } from '../../parts/form';
import { toast } from '../../parts/toast';
import { may } from '../../state';
import { t } from '../../text';
import { Options, paps, tlps } from '../incident/parts';
import { channels, lines, roles, type Contact } from './parts';

const words = (text = '') => lines(text).join(' ');

function Told(props: { is?: Contact }) {
	const { is } = props;

	return (
		<>
			<div class="pair">
				<Field label={t('settings.name')}><input name="name" maxLength={400} defaultValue={is?.name} autocomplete="off" /></Field>
				<Field label={t('contacts.kind')}><select name="kind"><Options words="contact-kind" of={['organisation', 'person']} is={is?.kind ?? 'organisation'} /></select></Field>
			</div>
			<div class="pair">
				<Field label={t('contacts.role')} hint={t('contacts.role.hint')}><input name="roles" class="mono" list="contact-roles" defaultValue={words(is?.roles)} autocomplete="off" spellcheck={false} /></Field>
				<Field label={t('contacts.organisation')} hint={t('contacts.organisation.hint')}><input name="organisation" class="mono" maxLength={100} defaultValue={is?.organisation} autocomplete="off" spellcheck={false} /></Field>
			</div>
			<datalist id="contact-roles">{roles.map((r) => <option key={r} value={r} />)}</datalist>
			<Field label={t('contacts.covers')} hint={t('contacts.covers.hint')}><input name="covers" class="mono" defaultValue={words(is?.covers)} autocomplete="off" spellcheck={false} /></Field>
			<div class="pair">
				<Field label={t('contacts.languages')} hint={t('contacts.languages.hint')}><input name="languages" class="mono" maxLength={100} defaultValue={words(is?.languages)} autocomplete="off" /></Field>
				<Field label={t('contacts.prefers')} hint={t('contacts.prefers.hint')}><input name="prefers" class="mono" maxLength={100} defaultValue={words(is?.prefers)} autocomplete="off" /></Field>
			</div>
			<div class="pair">
				<Field label={t('contacts.hours')} hint="Mon-Fri 09:00-17:00 Europe/Madrid"><input name="hours" maxLength={200} defaultValue={is?.hours} autocomplete="off" /></Field>
				<Field label={t('contacts.place')} hint={t('contacts.place.hint')}><input name="place" type="number" min={0} max={1000000} defaultValue={String(is?.place ?? 0)} /></Field>
			</div>
			{may('lead') && (
				<div class="pair">
					<Field label={t('contacts.tlp')}><select name="tlp"><Options of={tlps} is={is?.tlp ?? 'TLP:CLEAR'} /></select></Field>
					<Field label={t('contacts.pap')}><select name="pap"><Options of={paps} is={is?.pap ?? 'PAP:CLEAR'} /></select></Field>
				</div>
			)}
			<Field label={t('contacts.note')}><textarea name="note" maxLength={8000} defaultValue={is?.note} /></Field>
		</>
	);
}

/* What differs from what it was; a new one: what is not empty. */
function changes(v: Record<string, string>, is?: Contact): Record<string, string | number> {
	const out: Record<string, string | number> = {};

	for (const [name, now] of Object.entries(v)) {
		const was = is ? ['roles', 'covers', 'languages', 'prefers'].includes(name) ? words(String(is[name as 'roles'])) : String(is[name as 'name'] ?? '') : '';
		if (now !== was && name !== 'channel' && name !== 'value')
			out[name] = name === 'place' ? Number(now) : now;
	}
	return out;
}

export function Add(props: { close: () => void; done: (id: string) => void }) {
	return (
		<Dialog open wide close={props.close} title={t('contacts.new')}>
			<Form button={t('contacts.new')} cancel={props.close} submit={async (v) => {
				await send('POST', '/api/v1/contacts', { body: changes(v) as never });
				if (v.value)
					await send('POST', '/api/v1/contacts/{id}/addresses', { path: { id: v.id! }, body: { channel: v.channel as 'mail', value: v.value } });
				toast(t('contacts.made', { name: v.name || v.id! }));
				props.done(v.id!);
			}}>
				<div class="pair">
					<Field label={t('contacts.id')} hint={t('contacts.id.hint')}><input name="id" class="mono" required pattern="[a-z0-9.\-]{1,99}" maxLength={99} autofocus autocomplete="off" autocapitalize="none" spellcheck={false} /></Field>
					<div class="pair">
						<Field label={t('contacts.channel')}><select name="channel"><Options words="channel" of={channels} is="mail" /></select></Field>
						<Field label={t('contacts.address')}><input name="value" class="mono" maxLength={2000} autocomplete="off" spellcheck={false} /></Field>
					</div>
				</div>
				<Told />
			</Form>
		</Dialog>
	);
}

export function Change(props: { is: Contact; close: () => void; done: () => void }) {
	const { is } = props;

	return (
		<Dialog open wide close={props.close} title={is.name || is.id}>
			<Form button={t('save')} cancel={props.close} submit={async (v) => {
				const what = changes(v, is);

				if (Object.keys(what).length)
					await send('PATCH', '/api/v1/contacts/{id}', { path: { id: is.id }, body: { ...what, changed: is.changed } as never });
				toast(t('contacts.changed', { name: is.name || is.id }));
				props.done();
				props.close();
			}}>
				<Told is={is} />
			</Form>
		</Dialog>
	);
}

export function AddAddress(props: { is: Contact; close: () => void; done: () => void }) {
	return (
		<Dialog open close={props.close} title={t('contacts.address.new')}>
			<Form button={t('contacts.address.new')} cancel={props.close} submit={async (v) => {
				await send('POST', '/api/v1/contacts/{id}/addresses', { path: { id: props.is.id }, body: { channel: v.channel as 'mail', value: v.value!, place: Number(v.place) } });
				toast(t('contacts.address.added'));
				props.done();
				props.close();
			}}>
				<Field label={t('contacts.channel')}><select name="channel"><Options words="channel" of={channels} is="mail" /></select></Field>
				<Field label={t('contacts.address')} hint={t('contacts.address.hint')}><input name="value" class="mono" required maxLength={2000} autofocus autocomplete="off" spellcheck={false} /></Field>
				<Field label={t('contacts.address.place')}><input name="place" type="number" min={0} max={1000000} defaultValue="0" /></Field>
			</Form>
		</Dialog>
	);
}
