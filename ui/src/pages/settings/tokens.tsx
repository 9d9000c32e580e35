// SPDX-License-Identifier: GPL-3.0-or-later
/* tokens.tsx - keys for scripts: what they may do, until when; shown once. An admin sees
 * those of all. */
import { useSignal } from '@preact/signals';
import { send, useList } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Empty } from '../../parts/empty';
import { FaultView } from '../../parts/fault';
import { Field, Form } from '../../parts/form';
import { Icon } from '../../parts/icon';
import { Name, Said } from '../../parts/subject';
import { Table } from '../../parts/table';
import { bad, toast } from '../../parts/toast';
import { Time } from '../../parts/when';
import { may, me } from '../../state';
import { isTime, now, stamp } from '../../time';
import { t, word } from '../../text';
import { Secret } from './secret';

const roles = ['viewer', 'analyst', 'lead', 'admin'] as const;
const inDays = (n: number) => new Date(Date.now() + n * 86400000).toISOString().slice(0, 10);

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

function All(props: { turn: number }) {
	const list = useList('/api/v1/tokens', { query: { limit: 500 } });
	const revoke = (id: string) => send('DELETE', '/api/v1/tokens/{id}', { path: { id } }).then(() => { toast(t('settings.tokens.revoked')); list.again(); }, bad);

	if (list.fault)
		return <FaultView fault={list.fault} again={list.again} />;
	if (list.data && !list.data.length)
		return <Empty title={t('settings.tokens.none')} text={t('settings.tokens.none.help')} />;
	return (
		<Table label={t('settings.tokens')} rows={list.data ?? []} id={(k) => k.id} key={props.turn}
			columns={[
				{ name: 'name', head: t('settings.tokens.what'), cell: (k) => <Said text={k.name} /> },
				{ name: 'id', head: t('settings.tokens.begins'), hide: 'medium', cell: (k) => <Name text={k.id} /> },
				{ name: 'login', head: t('settings.tokens.whose'), cell: (k) => <Name text={k.login} /> },
				{ name: 'role', head: t('settings.role'), cell: (k) => word('role', k.role) },
				{ name: 'expires', head: t('settings.tokens.until'), cell: (k) => isTime(k.revoked) ? <span class="chip">{t('settings.tokens.gone')}</span>
					: stamp(k.expires).getTime() < now.value ? <span class="chip">{t('settings.tokens.ended')}</span> : <Time at={k.expires} as="relative" /> },
				{ name: 'do', head: '', width: '8rem', cell: (k) => !isTime(k.revoked) && <button type="button" class="plain" onClick={() => revoke(k.id)}>{t('settings.tokens.revoke')}</button> },
			]} />
	);
}

export function Tokens() {
	const add = useSignal(false), made = useSignal(''), turn = useSignal(0);

	return (
		<section class="box">
			<div class="box-head"><h2>{t('settings.tokens')}</h2>
				<button type="button" class="main" onClick={() => { add.value = true; }}><Icon name="plus" />{t('settings.tokens.new')}</button></div>
			{may('admin') ? <All key={turn.value} turn={turn.value} /> : <p class="quiet">{t('settings.tokens.admin', { login: me.value?.login ?? '' })}</p>}
			{add.value && <New close={() => { add.value = false; }} made={(token) => { add.value = false; made.value = token; turn.value++; }} />}
			{made.value && <Secret title={t('settings.tokens.made')} help={t('settings.tokens.made.help')} text={made.value} close={() => { made.value = ''; }} />}
		</section>
	);
}
