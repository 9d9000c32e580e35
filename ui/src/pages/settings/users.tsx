// SPDX-License-Identifier: GPL-3.0-or-later
/* users.tsx - who may sign in, what they may do and see. A new one gets a password that
 * counts once and is shown once. */
import { useSignal } from '@preact/signals';
import { send, useList, type Schema } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Field, Form } from '../../parts/form';
import { Label } from '../../parts/label';
import { Name, Said } from '../../parts/subject';
import { toast } from '../../parts/toast';
import { Time } from '../../parts/when';
import { me, roles } from '../../state';
import { t, word, languageNames, type Language } from '../../text';
import { Options, paps, tlps } from '../incident/parts';
import { List } from './list';
import { Secret } from './secret';

type User = Schema['user_row'];
const standings = ['active', 'must-change', 'locked'] as const;

function Told(props: { is?: User }) {
	const { is } = props;

	return (
		<>
			<Field label={t('settings.name')}><input name="name" maxLength={200} defaultValue={is?.name} autocomplete="off" /></Field>
			<div class="pair">
				<Field label={t('settings.email')}><input name="email" type="email" maxLength={200} defaultValue={is?.email} autocomplete="off" /></Field>
				<Field label={t('account.language')}><select name="language">{(Object.keys(languageNames) as Language[]).map((l) =>
					<option key={l} value={l} selected={l === (is?.language ?? 'en')}>{languageNames[l]}</option>)}</select></Field>
			</div>
			<Field label={t('settings.role')} hint={t('settings.role.hint')}><select name="role"><Options words="role" of={roles} is={is?.role ?? 'analyst'} /></select></Field>
			<div class="pair">
				<Field label={t('settings.tlp')}><select name="tlp"><Options of={tlps} is={is?.tlp ?? 'TLP:AMBER+STRICT'} /></select></Field>
				<Field label={t('settings.pap')}><select name="pap"><Options of={paps} is={is?.pap ?? 'PAP:AMBER'} /></select></Field>
			</div>
		</>
	);
}

function New(props: { close: () => void; made: (login: string, password: string) => void }) {
	return (
		<Dialog open close={props.close} title={t('settings.users.new')}>
			<Form button={t('settings.users.new')} cancel={props.close} submit={async (v) => {
				const r = await send('POST', '/api/v1/users', { body: Object.fromEntries(Object.entries(v).filter(([, is]) => is)) as never });

				props.made(v.login!, r.password);
			}}>
				<Field label={t('gate.login')}><input name="login" required maxLength={63} autofocus autocomplete="off" autocapitalize="none" spellcheck={false} /></Field>
				<Told />
			</Form>
		</Dialog>
	);
}

function Change(props: { is: User; close: () => void; done: () => void; reset: () => void; codes: () => void }) {
	const { is } = props;

	return (
		<Dialog open close={props.close} title={is.login}>
			<Form button={t('save')} cancel={props.close} submit={async (v) => {
				await send('PATCH', '/api/v1/users/{login}', { path: { login: is.login }, body: { ...v, changed: is.changed } as never });
				toast(t('settings.users.changed', { login: is.login }));
				props.done();
				props.close();
			}}>
				<Told is={is} />
				<Field label={t('settings.standing')}><select name="standing"><Options words="standing" of={standings} is={is.standing} /></select></Field>
				<div><button type="button" onClick={props.reset}>{t('settings.users.reset')}</button></div>
				{is.login !== me.value?.login && <div><button type="button" onClick={props.codes}>{t('settings.users.codes')}</button></div>}
			</Form>
		</Dialog>
	);
}

/* A password that an admin sets counts once: they have to choose their own. */
function Reset(props: { is: User; close: () => void }) {
	return (
		<Dialog open close={props.close} title={t('settings.users.reset')}>
			<Form button={t('settings.users.reset')} cancel={props.close} submit={async (v) => {
				await send('POST', '/api/v1/users/{login}/password', { path: { login: props.is.login }, body: { password: v.password! } });
				toast(t('settings.users.reset.done', { login: props.is.login }));
				props.close();
			}}>
				<p class="quiet">{t('settings.users.reset.help')}</p>
				<Field label={t('gate.new')} hint={t('gate.new.hint')}><input name="password" class="mono" required minLength={10} maxLength={200} autofocus autocomplete="off" spellcheck={false} /></Field>
			</Form>
		</Dialog>
	);
}

/* For who lost the device that shows the codes. */
function Codes(props: { is: User; close: () => void }) {
	return (
		<Dialog open close={props.close} title={t('settings.users.codes')}>
			<Form danger button={t('settings.users.codes')} cancel={props.close} submit={async () => {
				await send('DELETE', '/api/v1/users/{login}/codes', { path: { login: props.is.login } });
				toast(t('settings.users.codes.done', { login: props.is.login }));
				props.close();
			}}>
				<p>{t('settings.users.codes.help', { login: props.is.login })}</p>
			</Form>
		</Dialog>
	);
}

export function Users() {
	const list = useList('/api/v1/users', { query: { limit: 500 } });
	const add = useSignal(false), is = useSignal<User | null>(null), reset = useSignal<User | null>(null), codes = useSignal<User | null>(null);
	const made = useSignal<{ login: string; password: string } | null>(null);

	return (
		<List keys title={t('settings.users')} list={list} id={(u) => u.login} open={(u) => { is.value = u; }} head={<span class="quiet">{list.data?.length}</span>}
			add={{ label: t('settings.users.new'), run: () => { add.value = true; } }}
			card={(u) => <div class="row-card"><div class="line"><strong><Name text={u.login} /></strong><span class="chip">{word('role', u.role)}</span></div><div class="line"><Label tlp={u.tlp} pap={u.pap} /><span class="quiet">{word('standing', u.standing)}</span></div></div>}
			columns={[
				{ name: 'login', head: t('gate.login'), cell: (u) => <button type="button" class="linklike" onClick={() => { is.value = u; }}><Name text={u.login} /></button> },
				{ name: 'name', head: t('settings.name'), cell: (u) => <Said text={u.name || '–'} /> },
				{ name: 'role', head: t('settings.role'), cell: (u) => word('role', u.role) },
				{ name: 'clearance', head: t('settings.clearance'), cell: (u) => <Label tlp={u.tlp} pap={u.pap} /> },
				{ name: 'standing', head: t('settings.standing'), cell: (u) => <span class={`chip ${u.standing === 'locked' ? 'chip-bad' : u.standing === 'active' ? 'chip-good' : 'chip-due'}`}>{word('standing', u.standing)}</span> },
				{ name: 'codes', head: t('settings.codes'), hide: 'medium', cell: (u) => <span class={u.codes ? '' : 'quiet'}>{t(u.codes ? 'settings.codes.on' : 'settings.codes.none')}</span> },
				{ name: 'signed', head: t('settings.users.signed'), hide: 'medium', cell: (u) => u.signed_in ? <Time at={u.signed_in} as="relative" /> : <span class="quiet">{t('settings.users.never')}</span> },
				{ name: 'language', head: t('account.language'), hide: 'medium', cell: (u) => languageNames[u.language as Language] ?? u.language },
				{ name: 'changed', head: t('incidents.changed.head'), hide: 'medium', cell: (u) => <Time at={u.changed} as="relative" /> },
			]}>
			{add.value && <New close={() => { add.value = false; }} made={(login, password) => { add.value = false; made.value = { login, password }; list.again(); }} />}
			{is.value && !reset.value && !codes.value && <Change is={is.value} close={() => { is.value = null; }} done={list.again} reset={() => { reset.value = is.value; }} codes={() => { codes.value = is.value; }} />}
			{codes.value && <Codes is={codes.value} close={() => { codes.value = null; is.value = null; }} />}
			{reset.value && <Reset is={reset.value} close={() => { reset.value = null; is.value = null; list.again(); }} />}
			{made.value && <Secret title={t('settings.users.made', { login: made.value.login })} help={t('settings.users.made.help')} text={made.value.password} close={() => { made.value = null; }} />}
		</List>
	);
}
