// SPDX-License-Identifier: GPL-3.0-or-later
/* account.tsx - one's own: what one may see, the password, one-time codes, sessions. What
 * lets one in is changed by who knows the password, not by whom finds the browser open. */
import { useSignal } from '@preact/signals';
import { send } from '../../api';
import { Field, Form } from '../../parts/form';
import { Label } from '../../parts/label';
import { Qr } from '../../parts/qr';
import { Name } from '../../parts/subject';
import { toast } from '../../parts/toast';
import { me } from '../../state';
import { t, word } from '../../text';
import { Sessions } from './sessions';

function Current() {
	return <Field label={t('settings.password.now')}><input name="current" type="password" autocomplete="current-password" maxLength={200} required /></Field>;
}

function Password() {
	const turn = useSignal(0);

	return (
		<section class="box" key={turn.value}>
			<h2>{t('settings.password')}</h2>
			<p>{t('settings.password.help')}</p>
			<Form button={t('settings.password.go')} submit={async (v) => {
				if (v.password !== v.again)
					throw new Error(t('gate.unequal'));
				await send('POST', '/api/v1/users/{login}/password', { path: { login: me.value!.login }, body: { password: v.password!, current: v.current! } });
				toast(t('settings.password.done'));
				turn.value++;
			}}>
				<input type="text" name="login" autocomplete="username" value={me.value?.login} hidden readOnly />
				<Current />
				<Field label={t('gate.new')} hint={t('gate.new.hint')}><input name="password" type="password" autocomplete="new-password" minLength={10} maxLength={200} required /></Field>
				<Field label={t('gate.again')}><input name="again" type="password" autocomplete="new-password" minLength={10} maxLength={200} required /></Field>
			</Form>
		</section>
	);
}

/* "otpauth://totp/...?secret=ABC..." -> "ABCD EFGH ..." */
const secretOf = (uri: string) => (/[?&]secret=([A-Z2-7]+)/.exec(uri)?.[1] ?? '').replace(/(.{4})/g, '$1 ').trim();
const counted = (codes: boolean) => { me.value = { ...me.value!, codes }; };

function Scan(props: { uri: string; done: () => void }) {
	return (
		<Form button={t('settings.codes.confirm')} cancel={props.done} submit={async (v) => {
			await send('POST', '/api/v1/me/totp', { body: { step: 'confirm', code: v.code! } });
			toast(t('settings.codes.done'));
			counted(true);
			props.done();
		}}>
			<p>{t('settings.codes.scan')}</p>
			<Qr text={props.uri} label={t('settings.codes.qr')} />
			<Field label={t('settings.codes.secret')}><input class="mono" readOnly value={secretOf(props.uri)} onFocus={(e) => e.currentTarget.select()} /></Field>
			<details><summary>{t('settings.codes.uri')}</summary><p class="mono wrap">{props.uri}</p></details>
			<Field label={t('gate.code')} hint={t('gate.code.hint')}><input name="code" inputMode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" maxLength={6} required /></Field>
		</Form>
	);
}

function Codes() {
	const uri = useSignal(''), step = useSignal<'' | 'begin' | 'end'>('');
	const on = !!me.value?.codes;
	const shut = () => { step.value = uri.value = ''; };
	const run = async (v: Record<string, string>) => {
		const r = await send('POST', '/api/v1/me/totp', { body: { step: step.value as 'begin', current: v.current! } });

		uri.value = r.uri ?? '';
		if (r.uri)
			return;
		toast(t('settings.codes.off.done'));
		counted(false);
		shut();
	};

	return (
		<section class="box">
			<div class="box-head"><h2>{t('settings.codes')}</h2>{on && <span class="chip chip-good">{t('settings.codes.on')}</span>}</div>
			{uri.value ? <Scan uri={uri.value} done={shut} />
			: step.value ? (
				<Form button={t(step.value === 'end' ? 'settings.codes.off' : on ? 'settings.codes.new' : 'settings.codes.begin')} cancel={shut} submit={run}><Current /></Form>
			) : (
				<div class="stack">
					<p class="quiet">{t(on ? 'settings.codes.on.help' : 'settings.codes.help')}</p>
					<div class="line">
						<button type="button" onClick={() => { step.value = 'begin'; }}>{t(on ? 'settings.codes.new' : 'settings.codes.begin')}</button>
						{on && <button type="button" class="plain" onClick={() => { step.value = 'end'; }}>{t('settings.codes.off')}</button>}
					</div>
				</div>
			)}
		</section>
	);
}

export function Account() {
	const is = me.value;

	return (
		<div class="stack-wide">
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
			<Sessions />
		</div>
	);
}
