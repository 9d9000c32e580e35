// SPDX-License-Identifier: GPL-3.0-or-later
/* account.tsx - one's own: what one may see, the password, one-time codes. */
import { useSignal } from '@preact/signals';
import { send } from '../../api';
import { Field, Form } from '../../parts/form';
import { Label } from '../../parts/label';
import { Name } from '../../parts/subject';
import { bad, toast } from '../../parts/toast';
import { me } from '../../state';
import { t, word } from '../../text';

function Password() {
	const turn = useSignal(0);

	return (
		<section class="box narrow-box" key={turn.value}>
			<h2>{t('settings.password')}</h2>
			<Form button={t('settings.password.go')} submit={async (v) => {
				if (v.password !== v.again)
					throw new Error(t('gate.unequal'));
				await send('POST', '/api/v1/users/{login}/password', { path: { login: me.value!.login }, body: { password: v.password! } });
				toast(t('settings.password.done'));
				turn.value++;
			}}>
				<Field label={t('gate.new')} hint={t('gate.new.hint')}><input name="password" type="password" autocomplete="new-password" minLength={10} maxLength={200} required /></Field>
				<Field label={t('gate.again')}><input name="again" type="password" autocomplete="new-password" minLength={10} maxLength={200} required /></Field>
			</Form>
		</section>
	);
}

/* "otpauth://totp/...?secret=ABC..." -> "ABCD EFGH ..." */
const secretOf = (uri: string) => (/[?&]secret=([A-Z2-7]+)/.exec(uri)?.[1] ?? '').replace(/(.{4})/g, '$1 ').trim();

function Codes() {
	const uri = useSignal('');
	const begin = () => send('POST', '/api/v1/me/totp', { body: { step: 'begin' } }).then((r) => { uri.value = r.uri ?? ''; }, bad);
	const end = () => send('POST', '/api/v1/me/totp', { body: { step: 'end' } }).then(() => { toast(t('settings.codes.off.done')); uri.value = ''; }, bad);

	return (
		<section class="box narrow-box">
			<h2>{t('settings.codes')}</h2>
			{!uri.value ? (
				<div class="stack">
					<p class="quiet">{t('settings.codes.help')}</p>
					<div class="line"><button type="button" onClick={begin}>{t('settings.codes.begin')}</button><button type="button" class="plain" onClick={end}>{t('settings.codes.off')}</button></div>
				</div>
			) : (
				<Form button={t('settings.codes.confirm')} cancel={() => { uri.value = ''; }} submit={async (v) => {
					await send('POST', '/api/v1/me/totp', { body: { step: 'confirm', code: v.code! } });
					toast(t('settings.codes.done'));
					uri.value = '';
				}}>
					<Field label={t('settings.codes.secret')} hint={t('settings.codes.secret.hint')}><input class="mono" readOnly value={secretOf(uri.value)} onFocus={(e) => e.currentTarget.select()} /></Field>
					<details><summary>{t('settings.codes.uri')}</summary><p class="mono wrap">{uri.value}</p></details>
					<Field label={t('gate.code')} hint={t('gate.code.hint')}><input name="code" inputMode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" maxLength={6} required /></Field>
				</Form>
			)}
		</section>
	);
}

export function Account() {
	const is = me.value;

	return (
		<div class="columns">
			<section class="box">
				<h2>{t('settings.you')}</h2>
				<dl class="facts">
					<dt>{t('gate.login')}</dt><dd><Name text={is?.login ?? ''} /></dd>
					<dt>{t('settings.role')}</dt><dd>{word('role', is?.role ?? '')}</dd>
					<dt>{t('settings.clearance')}</dt><dd>{is && <Label tlp={is.tlp} pap={is.pap} />}</dd>
				</dl>
			</section>
			<Password />
			<Codes />
		</div>
	);
}
