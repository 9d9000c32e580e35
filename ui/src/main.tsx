// SPDX-License-Identifier: GPL-3.0-or-later
/* main.tsx - begins: who is signed in? Then the gate or the shell; both, when a session ended
 * while somebody was at work. */
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { asFault, Fault, raw } from './api';
import { Boundary, FaultView } from './parts/fault';
import { Toasts } from './parts/toast';
import { ChangePassword, SignIn, SignInAgain } from './gate';
import { pageOf } from './pages';
import { forget, place } from './router';
import { Shell } from './shell';
import { ended, me, visit, type Me } from './state';
import { language, languages, type Language } from './text';
import { signal } from '@preact/signals';

const trouble = signal<Fault | null>(null);

/* Asks who one is; a browser without a session gets 401, which is an answer. */
export async function begin(): Promise<void> {
	trouble.value = null;
	try {
		const is: Me = await (await raw('GET', '/api/v1/me')).json();

		if (languages.includes(is.language as Language) && !localStorage.getItem('vedette.language.chosen'))
			language.value = is.language as Language;
		if (me.value?.login !== is.login)
			forget();
		me.value = is;
		ended.value = false;
		visit.value++;
	} catch (e) {
		if (e instanceof Fault && e.status === 401)
			me.value = null;
		else
			trouble.value = asFault(e);
	}
}

function App() {
	useEffect(() => { void begin(); }, []);
	if (trouble.value)
		return <main class="gate"><FaultView fault={trouble.value} again={begin} /></main>;
	if (me.value === undefined)
		return null;
	return (
		<Boundary>
			{me.value === null ? <SignIn done={begin} />
				: me.value.must_change ? <ChangePassword done={begin} />
				: <Shell key={me.value.login} />}
			{me.value && ended.value && <SignInAgain login={me.value.login} done={begin} />}
			<Toasts />
		</Boundary>
	);
}

/* What is to be shown is fetched while the server is asked who one is. */
pageOf(place.value.path)?.page.load().catch(() => { /* the shell says so when it is wanted */ });
render(<App />, document.getElementById('page')!);
