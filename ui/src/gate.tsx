// SPDX-License-Identifier: GPL-3.0-or-later
/* gate.tsx - signing in: login and password, a code where one is wanted; again, over the page,
 * when the session ended; and a password of one's own after the first sign-in with one that
 * was given. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Fault, raw, send } from './api';
import { Dialog } from './parts/dialog';
import { Field, Form } from './parts/form';
import { Mark } from './parts/icon';
import { ended, me } from './state';
import { language, languageNames, languages, t, type Language } from './text';

function Gate(props: { title: string; lead?: string; children: preact.ComponentChildren }) {
	const main = useRef<HTMLElement>(null);

	useEffect(() => { document.title = `${props.title} · Vedette`; });
	useEffect(() => { main.current?.querySelector<HTMLElement>('input[autofocus]')?.focus(); }, []);
	return (
		<main class="gate" ref={main}>
			<div class="gate-box">
				<div class="gate-mark"><Mark /> <span>Vedette</span></div>
				<h1>{props.title}</h1>
				{props.lead && <p class="quiet">{props.lead}</p>}
				{props.children}
			</div>
			<div class="gate-languages" role="group" aria-label={t('account.language')}>
				{languages.map((l) => (
					<button type="button" class="plain" lang={l} key={l}
						aria-pressed={language.value === l}
						onClick={() => choose(l)}>{languageNames[l]}</button>
				))}
			</div>
		</main>
	);
}

/* A choice made here is this browser's; signed in, it is kept with the account too. */
export function choose(l: Language): void {
	language.value = l;
	try {
		localStorage.setItem('vedette.language.chosen', '1');
	} catch { /* lasts as long as the tab */ }
	if (me.value)
		raw('PATCH', `/api/v1/users/${encodeURIComponent(me.value.login)}`, { language: l }).catch(() => {});
}

/* Who one is: with `login`, as the form has it already. */
function Credentials(props: { login?: string; done: () => Promise<void>; cancel?: () => void }) {
	const wantsCode = useSignal(false);
	const code = useRef<HTMLInputElement>(null);

	useEffect(() => { if (wantsCode.value) code.current?.focus(); }, [wantsCode.value]);
	const submit = async (values: Record<string, string>) => {
		const r = await raw('POST', '/api/v1/sign-in', values);
		const said: { code_wanted?: boolean } = await r.json();

		if (said.code_wanted && wantsCode.value)
			throw new Fault(401, t('gate.code.wrong'));
		if (said.code_wanted)
			wantsCode.value = true;
		else
			await props.done();
	};
	return (
		<Form submit={submit} button={t('gate.go')} cancel={props.cancel} cancels={t('account.out')}>
			<Field label={t('gate.login')}>
				<input name="login" autocomplete="username" autocapitalize="none" spellcheck={false} required autofocus={!props.login} defaultValue={props.login} />
			</Field>
			<Field label={t('gate.password')}>
				<input name="password" type="password" autocomplete="current-password" required autofocus={!!props.login} />
			</Field>
			{wantsCode.value && (
				<Field label={t('gate.code')} hint={t('gate.code.hint')}>
					<input name="code" ref={code} inputMode="numeric" autocomplete="one-time-code"
						pattern="[0-9]{6}" maxLength={6} required class="code" />
				</Field>
			)}
		</Form>
	);
}

export function SignIn(props: { done: () => Promise<void> }) {
	return <Gate title={t('gate.title')}><Credentials done={props.done} /></Gate>;
}

/* Over the page, which stays as it is for the same person, and is hidden. */
export function SignInAgain(props: { login: string; done: () => Promise<void> }) {
	return (
		<Dialog open firm title={t('gate.ended')} close={() => {}}>
			<p class="quiet">{t('gate.ended.help')}</p>
			<Credentials {...props} cancel={() => { me.value = null; ended.value = false; }} />
		</Dialog>
	);
}

export function ChangePassword(props: { done: () => Promise<void> }) {
	const submit = async (values: Record<string, string>) => {
		const login = me.value!.login;

		if (values.password !== values.again)
			throw new Fault(422, t('gate.unequal'));
		await send('POST', '/api/v1/users/{login}/password', { path: { login }, body: { password: values.password! } });
		await props.done();
	};
	return (
		<Gate title={t('gate.own')} lead={t('gate.own.lead')}>
			<Form submit={submit} button={t('gate.own.go')}>
				<input type="text" name="login" autocomplete="username" value={me.value!.login} hidden readOnly />
				<Field label={t('gate.new')} hint={t('gate.new.hint')}>
					<input name="password" type="password" autocomplete="new-password" minLength={10} maxLength={200} required autofocus />
				</Field>
				<Field label={t('gate.again')}>
					<input name="again" type="password" autocomplete="new-password" minLength={10} maxLength={200} required />
				</Field>
			</Form>
		</Gate>
	);
}
