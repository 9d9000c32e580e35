// SPDX-License-Identifier: GPL-3.0-or-later
/* fate.tsx - what the delegations rest on, as columns that lean on each other, and what
 * falls without some of it:
 *
 *   operators -- servers -- addresses -- networks -- AS
 *
 * Each is a button: pressed, it is lost, and the server says what falls. A bar is as long as
 * its share of the delegations. The first of each column are drawn; lost ones come first.
 * What is lost stands in the address. */
import { useGet, type Schema } from '../../api';
import { FaultView } from '../../parts/fault';
import { Name, visibleText } from '../../parts/subject';
import { ask, query } from '../../router';
import { number, short, t, word } from '../../text';

const DRAWN = 14;
const ROW = 30;
const kinds = ['operator', 'host', 'address', 'prefix', 'as'] as const;
type Kind = (typeof kinds)[number];
type Sharing = Schema['sharing'];
type Element = Schema['sharing_element'];

function links(s: Sharing): [number, number, number, boolean][] {
	const at = (k: Kind, name: string | null) => s[k].items.slice(0, DRAWN).findIndex((e) => e.name === name);
	const out = new Map<string, [number, number, number, boolean]>();
	const add = (column: number, a: number, b: number, lost: boolean) => {
		if (a >= 0 && b >= 0)
			out.set(`${column} ${a} ${b}`, [column, a, b, lost]);
	};

	s.host.items.slice(0, DRAWN).forEach((h, i) => {
		add(0, at('operator', h.up), i, h.lost);
		h.on.forEach((a) => add(1, i, at('address', a), h.lost));
	});
	s.address.items.slice(0, DRAWN).forEach((a, i) => {
		add(2, i, at('prefix', a.up), a.lost);
		a.on.forEach((x) => add(3, at('prefix', a.up), at('as', x), a.lost));
	});
	return [...out.values()];
}

function Columns(props: { s: Sharing; toggle: (k: Kind, e: Element) => void }) {
	const { s } = props;
	const used = kinds.filter((k) => s[k].items.length), n = used.length;
	const rows = Math.max(...used.map((k) => Math.min(DRAWN, s[k].items.length)));
	const x = (column: number) => column * 100 / n;
	const most = Math.max(1, s.delegations);

	return (
		<div class="fate" tabIndex={0} role="group" aria-label={t('fate.title')}>
			<div class="fate-columns" style={{ gridTemplateColumns: `repeat(${n}, minmax(0, 1fr))` }}>
				<svg class="fate-links" viewBox={`0 0 100 ${rows * ROW}`} preserveAspectRatio="none" style={{ height: `${rows * ROW}px` }} aria-hidden="true">
					{links(s).filter(([c]) => c + 1 < n).map(([c, a, b, lost]) => {
						const x1 = x(c + 1) - 100 / n * 0.18, x2 = x(c + 1), y1 = a * ROW + ROW / 2, y2 = b * ROW + ROW / 2, m = (x1 + x2) / 2;

						return <path key={`${c} ${a} ${b}`} class={lost ? 'lost' : undefined} d={`M${x1} ${y1}C${m} ${y1} ${m} ${y2} ${x2} ${y2}`} vector-effect="non-scaling-stroke" />;
					})}
				</svg>
				{used.map((k) => (
					<section key={k} class="fate-column" aria-label={word('fate', k)}>
						<h3>{word('fate', k)} <span class="count">{number(s[k].total)}</span></h3>
						<ul>
							{s[k].items.slice(0, DRAWN).map((e) => (
								<li key={e.name}>
									<button type="button" class={`fate-node ${e.lost ? 'lost' : ''}`} aria-pressed={e.lost} onClick={() => props.toggle(k, e)}
										title={`${visibleText(e.name)}\n${t('fate.uses', { n: e.uses })}\n${t('fate.alone', { n: e.alone })}`}>
										<span class="facet-bar" style={{ transform: `scaleX(${Math.min(1, e.uses / most)})` }} aria-hidden="true" />
										<Name class="cut" text={e.name} /><span class="fate-uses">{short(e.uses)}{e.alone > 0 && <span class="unseen"> {t('fate.alone', { n: e.alone })}</span>}</span>
									</button>
								</li>
							))}
						</ul>
						{s[k].total > DRAWN && <p class="quiet">{t('fate.more', { n: s[k].total - DRAWN })}</p>}
					</section>
				))}
			</div>
		</div>
	);
}

export function Fate(props: { zone: string }) {
	const without = query('without');
	const asked = useGet('/api/v1/zones/{name}/sharing', { path: { name: props.zone }, query: without ? { without } : {} });
	const s = asked.data;
	const lost = without ? without.split(',') : [];
	const toggle = (k: Kind, e: Element) => {
		const name = `${k}:${e.name}`;

		ask({ without: (lost.includes(name) ? lost.filter((l) => l !== name) : [...lost, name]).join(',') });
	};

	if (asked.fault)
		return asked.fault.status === 404 ? <section class="box"><h2>{t('fate.title')}</h2><p class="quiet">{t('fate.none')}</p></section> : <FaultView fault={asked.fault} again={asked.again} />;
	if (!s)
		return null;
	const sum = (n: number, key: 'fate.fall' | 'fate.weakened' | 'fate.unknown', kind: string) => <span class={`fate-sum ${n ? kind : ''}`}><strong>{number(n)}</strong> {t(key, { n })}</span>;
	return (
		<section class="box stack">
			<div class="box-head"><h2>{t('fate.title')}</h2>{lost.length > 0 && <button type="button" onClick={() => ask({ without: '' })}>{t('fate.whole')}</button>}</div>
			<p class="quiet">{t('fate.help', { n: s.delegations })}</p>
			<div class="line" role="status" aria-live="polite">
				{lost.length ? <>
					{lost.map((l) => <span key={l} class="chip chip-bad"><Name text={l} /></span>)}
					{sum(s.fall, 'fate.fall', 'ink-bad')}{sum(s.weakened, 'fate.weakened', 'ink-due')}
					{s.unknown > 0 && sum(s.unknown, 'fate.unknown', '')}
					{s.critical > 0 && <span>{t('fate.critical', { fall: s.critical_fall, n: s.critical })}</span>}
				</> : <span>{t('fate.pick')}</span>}
			</div>
			<Columns s={s} toggle={toggle} />
			<details>
				<summary>{t('fate.sets', { n: s.different })}</summary>
				<div class="table-box"><table class="table"><thead><tr><th scope="col" class="number">{t('fate.delegations')}</th><th scope="col">{t('incidents.state')}</th><th scope="col">{word('fate', 'host')}</th></tr></thead>
					<tbody>{s.sets.slice(0, 50).map((x) => <tr key={x.hosts.join()}><td class="number">{number(x.delegations)}</td>
						<td><span class={`chip ${x.state === 'falls' ? 'chip-bad' : x.state === 'weakened' ? 'chip-due' : ''}`}>{word('fate', x.state === 'weakened' ? 'weak' : x.state)}</span></td><td><Name text={x.hosts.join(' ')} /></td></tr>)}</tbody></table></div>
			</details>
		</section>
	);
}
