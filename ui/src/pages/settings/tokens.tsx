// SPDX-License-Identifier: GPL-3.0-or-later
/* tokens.tsx - keys for scripts: what they may do, until when; shown once. Everybody sees
 * their own, an admin those of all. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { send, useList, type Schema } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Field, Form } from '../../parts/form';
import { Name, Said } from '../../parts/subject';
import { bad, toast } from '../../parts/toast';
import { Time } from '../../parts/when';
import { may, roles } from '../../state';
import { inDays, isTime, now, stamp } from '../../time';
import { t, word } from '../../text';
import { List } from './list';
import { Secret } from './secret';


type Token = Schema['token'];
function End(props: { is: Token }) {
	const k = props.is;

	return isTime(k.revoked) ? <span class="chip">{t('settings.tokens.gone')}</span>
		: stamp(k.expires).getTime() < now.value ? <span class="chip">{t('settings.tokens.ended')}</span> : <Time at={k.expires} as="relative" />;
}

function New(props: { close: () => void; made: (token: string) => void }) {
	return (
		<Dialog open close={props.close} title={t('settings.tokens.new')}>
			<Form button={t('settings.tokens.new')} cancel={props.close} submit={async (v) => {
				const r = await send('POST', '/api/v1/tokens', { body: { name: v.name!, role: v.role as 'viewer', expires: v.expires + 'T00:00:00Z' } });

				props.made(r.token);
			}}>
				<Field label={t('settings.tokens.what')}><input name="name" required maxLength={200} autofocus autocomplete="off" /></Field>
				<div class="pair">
					<Field label={t('settings.tokens.may')} hint={t('settings.tokens.may.hint')}><select name="role">{roles.filter((r) => may(r)).map((r) => <option key={r} value={r}>{word('role', r)}</option>)}</select></Field>
					<Field label={t('settings.tokens.until')} hint={t('state.mute.year')}><input name="expires" type="date" required defaultValue={inDays(90)} min={inDays(1)} max={inDays(365)} /></Field>
				</div>
			</Form>
		</Dialog>
	);
}

function Held(props: { all: boolean; whose: ComponentChildren; add: () => void }) {
	const { all } = props;
	const list = useList(all ? '/api/v1/tokens' : '/api/v1/me/tokens', all ? { query: { limit: 500 } } : {});
	const revoke = (id: string) => send('DELETE', '/api/v1/tokens/{id}', { path: { id } }).then(() => { toast(t('settings.tokens.revoked')); list.again(); }, bad);
	const revocable = (k: Token) => !isTime(k.revoked) && <button type="button" class="plain" onClick={() => revoke(k.id)}>{t('settings.tokens.revoke')}</button>;

	return (
		<List title={t('settings.tokens')} list={list} id={(k) => k.id} head={props.whose} none={{ title: t('settings.tokens.none'), text: t('settings.tokens.none.help') }}
			add={{ label: t('settings.tokens.new'), run: props.add }}
			card={(k) => <div class="row-card"><div class="line"><strong class="cut"><Said text={k.name} /></strong><span class="quiet">{word('role', k.role)}</span></div><div class="line quiet"><End is={k} />{all && <Name text={k.login} />}{revocable(k)}</div></div>}
			columns={[
				{ name: 'name', head: t('settings.tokens.what'), cell: (k) => <Said text={k.name} /> },
				{ name: 'id', head: t('settings.tokens.begins'), hide: 'medium', cell: (k) => <Name text={k.id} /> },
				...(all ? [{ name: 'login', head: t('settings.tokens.whose'), cell: (k: Token) => <Name text={k.login} /> }] : []),
				{ name: 'role', head: t('settings.role'), cell: (k) => word('role', k.role) },
				{ name: 'expires', head: t('settings.sessions.ends'), cell: (k) => <End is={k} /> },
				{ name: 'do', head: '', width: '8rem', cell: revocable },
			]} />
	);
}

export function Tokens() {
	const add = useSignal(false), made = useSignal(''), turn = useSignal(0), all = useSignal(false);
	const whose = may('admin') && (
		<div class="switch" role="group" aria-label={t('settings.tokens.whose')}>
			{[false, true].map((x) => <button type="button" key={String(x)} aria-pressed={all.value === x} onClick={() => { all.value = x; }}>{t(x ? 'settings.tokens.all' : 'settings.tokens.own')}</button>)}
		</div>
	);

	return (
		<>
			<Held key={`${turn.value} ${all.value}`} all={all.value} whose={whose} add={() => { add.value = true; }} />
			{add.value && <New close={() => { add.value = false; }} made={(token) => { add.value = false; made.value = token; turn.value++; }} />}
			{made.value && <Secret title={t('settings.tokens.made')} help={t('settings.tokens.made.help')} text={made.value} close={() => { made.value = ''; }} />}
		</>
	);
}
