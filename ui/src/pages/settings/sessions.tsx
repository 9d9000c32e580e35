// SPDX-License-Identifier: GPL-3.0-or-later
/* sessions.tsx - where one is signed in: each can be ended from here. */
import { send, useGet, type Schema } from '../../api';
import { FaultView } from '../../parts/fault';
import { Skeleton } from '../../parts/loading';
import { Said } from '../../parts/subject';
import { Table } from '../../parts/table';
import { bad, toast } from '../../parts/toast';
import { Time } from '../../parts/when';
import { t } from '../../text';

type Session = Schema['session'];

const browsers: [RegExp, string][] = [[/Edg\//, 'Edge'], [/OPR\//, 'Opera'], [/Firefox\//, 'Firefox'], [/Chrom(e|ium)\//, 'Chromium'], [/Safari\//, 'Safari']];
const systems: [RegExp, string][] = [[/Windows/, 'Windows'], [/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Mac OS X/, 'macOS'], [/Linux/, 'Linux']];
const named = (of: [RegExp, string][], text: string) => of.find(([is]) => is.test(text))?.[1];

/* "Mozilla/5.0 (X11; Linux x86_64) ... Firefox/128.0" -> "Firefox, Linux"; what is no
 * browser that we know, as it calls itself. */
export function agentName(text: string): string {
	const browser = named(browsers, text);

	return browser ? [browser, named(systems, text)].filter(Boolean).join(', ') : text;
}

export function Sessions() {
	const asked = useGet('/api/v1/me/sessions');
	const items = [...asked.data?.items ?? []].sort((a, b) => Number(b.this) - Number(a.this) || b.began.localeCompare(a.began));
	const others = items.filter((s) => !s.this);
	const end = (these: Session[], said: string) =>
		Promise.all(these.map((s) => send('DELETE', '/api/v1/me/sessions/{id}', { path: { id: s.id } })))
			.then(() => toast(said), bad).finally(asked.again);
	const does = (s: Session) => s.this ? <span class="chip chip-good">{t('settings.sessions.here')}</span>
		: <button type="button" class="plain" onClick={() => end([s], t('settings.sessions.ended'))}>{t('settings.sessions.end')}</button>;

	return (
		<section class="box">
			<div class="box-head"><h2>{t('settings.sessions')}</h2>
				{others.length > 0 && <button type="button" onClick={() => end(others, t('settings.sessions.others.ended', { n: others.length }))}>{t('settings.sessions.others')}</button>}</div>
			{asked.fault ? <FaultView fault={asked.fault} again={asked.again} />
			: !asked.data ? asked.slow && <Skeleton rows={2} />
			: <Table label={t('settings.sessions')} rows={items} id={(s) => s.id}
				card={(s) => <div class="row-card"><div class="line"><strong class="cut"><Said text={agentName(s.agent) || '–'} /></strong>{does(s)}</div><div class="line quiet"><Said text={s.from} /><Time at={s.began} as="relative" /></div></div>}
				columns={[
					{ name: 'with', head: t('settings.sessions.with'), cell: (s) => <span title={s.agent}><Said text={agentName(s.agent) || '–'} /></span> },
					{ name: 'from', head: t('settings.sessions.from'), cell: (s) => <span class="mono"><Said text={s.from} /></span> },
					{ name: 'began', head: t('settings.sessions.began'), cell: (s) => <Time at={s.began} as="relative" /> },
					{ name: 'ends', head: t('settings.sessions.ends'), cell: (s) => <Time at={s.expires} as="relative" /> },
					{ name: 'do', head: '', width: '9rem', cell: does },
				]} />}
		</section>
	);
}
