// SPDX-License-Identifier: GPL-3.0-or-later
/* house.tsx - how this house works, to be looked at: sets of deadlines, playbooks, options.
 * They are set where the server is started: its command line and the file of --config. */
import { useSignal } from '@preact/signals';
import { useGet } from '../../api';
import { Empty } from '../../parts/empty';
import { FaultView } from '../../parts/fault';
import { Filter } from '../../parts/filter';
import { Skeleton } from '../../parts/loading';
import { Said } from '../../parts/subject';
import { t, word } from '../../text';
import { useLetters } from '../incident/parts';

/* "state:mitigated", "notice:acknowledgement" -> letter “Acknowledgement” */
function meets(what: string, letters: Record<string, string>): string {
	const [kind, name = ''] = what.split(':');

	return kind === 'state' ? t('settings.clocks.state', { is: word('state', name) })
		: kind === 'notice' ? t('settings.clocks.notice', { is: letters[name] ?? name }) : what;
}

export function Clocks() {
	const is = useGet('/api/v1/settings/clocks');
	const letters = useLetters();

	if (is.fault)
		return <FaultView fault={is.fault} again={is.again} />;
	return !is.data ? is.slow ? <Skeleton rows={6} /> : null : (
		<>
			<p class="quiet">{t('settings.clocks.help')}</p>
			<div class="columns">
				{is.data.items.map((s) => (
					<section class="box" key={s.name}>
						<h2><Said text={s.name} /></h2>
						<ul class="entries">
							{s.deadlines.map((d) => (
								<li key={d.name} class="clock"><div><strong><Said text={d.title} /></strong>{d.after && <span class="quiet"> {t('settings.clocks.after', { name: s.deadlines.find((x) => x.name === d.after)?.title ?? d.after })}</span>}<br />
									{d.meets.length > 0 && <span class="quiet">{t('settings.clocks.met')} {d.meets.map((m) => meets(m, letters)).join(', ')}</span>}</div><strong><Said text={d.within} /></strong>{d.calendar && <span class="quiet"><Said text={word('calendar', d.calendar)} /></span>}</li>
							))}
						</ul>
					</section>
				))}
			</div>
		</>
	);
}

export function Playbooks() {
	const is = useGet('/api/v1/settings/playbooks');

	if (is.fault)
		return <FaultView fault={is.fault} again={is.again} />;
	return !is.data ? is.slow ? <Skeleton rows={10} /> : null : (
		<>
			<p class="quiet">{t('settings.playbooks.help')}</p>
			<div class="columns">
				{is.data.items.map((p) => (
					<section class="box" key={p.family}>
						<div class="box-head"><h2><Said text={p.title || p.family} /></h2><span class="quiet mono">{p.family}{p.own && ' *'}</span></div>
						{p.trouble && <p class="form-fault"><Said text={p.trouble} /></p>}
						<ol class="entries">
							{p.tasks.map((x, i) => (
								<li key={i}><details><summary><Said text={x.title} /> {x.actor && <span class="chip"><Said text={x.actor} /></span>}</summary>
									<dl class="facts">{x.ask && <><dt>{t('task.ask')}</dt><dd><Said text={x.ask} /></dd></>}{x.needs && <><dt>{t('task.needs')}</dt><dd><Said text={x.needs} /></dd></>}</dl></details></li>
							))}
						</ol>
					</section>
				))}
			</div>
		</>
	);
}

/* The value as JSON has it, without its quotes; nothing for what is not set. */
const plain = (v: string) => v === 'null' ? '' : v.replace(/^"(.*)"$/, '$1');

export function Options() {
	const is = useGet('/api/v1/settings/options');
	const text = useSignal(''), changed = useSignal(false);
	const wanted = text.value.toLowerCase();

	if (is.fault)
		return <FaultView fault={is.fault} again={is.again} />;
	if (!is.data)
		return is.slow ? <Skeleton rows={12} /> : null;
	const groups = is.data.items.map((g) => ({ ...g, options: g.options.filter((o) => (!changed.value || o.source !== 'default') &&
		(!wanted || `${o.name} ${o.help} ${o.value}`.toLowerCase().includes(wanted))) })).filter((g) => g.options.length);
	return (
		<>
			<div class="filters" role="search" aria-label={t('settings.options.filter')}>
				<Filter label={t('settings.options.filter')} value={text.value} change={(is) => { text.value = is; }} />
				<label class="tick"><input type="checkbox" checked={changed.value} onChange={(e) => { changed.value = e.currentTarget.checked; }} />{t('settings.options.set')}</label>
			</div>
			<p class="quiet">{t('settings.options.help')}</p>
			{!groups.length && <Empty title={t('settings.options.none')} />}
			{groups.map((g) => (
				<section class="box" key={g.title}>
					<div class="box-head"><h2>{g.title}</h2>{g.group && <span class="quiet mono">{g.group}:</span>}</div>
					<ul class="entries">
						{g.options.map((o) => (
							<li key={o.name} class="option">
								<div><code>{o.name}</code><p class="quiet">{o.help}</p></div>
								<div class="option-value"><strong class="mono wrap"><Said text={plain(o.value) || '–'} /></strong>{o.source !== 'default' && <span class="chip">{word('source', o.source)}</span>}
									<span class="quiet">{[o.allowed, o.source !== 'default' && plain(o.default) ? t('settings.options.default', { is: plain(o.default) }) : ''].filter(Boolean).join(' · ')}</span></div>
							</li>
						))}
					</ul>
				</section>
			))}
		</>
	);
}
