// SPDX-License-Identifier: GPL-3.0-or-later
/* sharing.tsx - who would see what, before anything leaves.
 *
 *   what is chosen --> its items by marking --> recipients down, markings across
 *   one recipient  --> the lattice TLP x PAP, each item with why it goes or stays, export
 *
 * What is chosen, the recipient and the tab stand in the address. Whether somebody may have
 * an item is one rule: neither its TLP nor its PAP is stricter than theirs. The sums are the
 * server's; marks are drawn for the items that it names (the first 500). */
import { useGet, type Schema } from '../api';
import { Empty } from '../parts/empty';
import { FaultView } from '../parts/fault';
import { Icon } from '../parts/icon';
import { Label } from '../parts/label';
import { Skeleton } from '../parts/loading';
import { Name, Said, saidText, visibleText } from '../parts/subject';
import { ask, query, to } from '../router';
import { me } from '../state';
import { number, t, word } from '../text';
import { paps, tlps, type Incident } from './incident/parts';
import { PickIncident } from './incident/pick';
import { Give } from './sharing/give';
import { Log } from './sharing/log';

type Who = Schema['who_sees'];
type Item = Schema['shared_item'];
interface Mark { tlp: string; pap: string }
export interface Reader extends Mark { id: string; name: string; may: number; of: number }
export interface Wish { incidents?: string; findings?: boolean; reports?: boolean; indicators?: boolean; rule?: string; subject?: string }

const tlpOf = (m: Mark) => (tlps as readonly string[]).indexOf(m.tlp);
const papOf = (m: Mark) => (paps as readonly string[]).indexOf(m.pap);
const stricter = (m: Mark, than: Mark) => ({ tlp: tlpOf(m) > tlpOf(than), pap: papOf(m) > papOf(than) });
const allows = (m: Mark, who: Mark) => tlpOf(m) <= tlpOf(who) && papOf(m) <= papOf(who);
const same = (m: Mark) => m.tlp + ' ' + m.pap;

function wish(): Wish | null {
	const what = query('what');
	const about = { ...(query('rule') ? { rule: query('rule') } : {}), ...(query('subject') ? { subject: query('subject') } : {}) };

	if (what === 'findings' || what === 'reports' || what === 'indicators')
		return { [what]: true, ...about };
	return query('incidents') ? { incidents: query('incidents') } : null;
}

function Choose() {
	const what = query('what') || 'incidents';
	const number = query('incidents');
	const one = useGet(/^\d+$/.test(number) ? '/api/v1/incidents/{number}' : null, { path: { number } });

	return (
		<div class="filters" role="search" aria-label={t('sharing.what')}>
			<select aria-label={t('sharing.what')} value={what} onChange={(e) => ask({ what: e.currentTarget.value === 'incidents' ? '' : e.currentTarget.value, rule: '', subject: '' })}>
				{['incidents', 'findings', 'reports', 'indicators'].map((w) => <option key={w} value={w}>{word('sharing.of', w)}</option>)}
			</select>
			{what === 'incidents' ? (
				<div class="sharing-incident"><PickIncident bare ended label={t('sharing.pick')} picked={(number && one.data as Incident | undefined) || null} pick={(i) => { if (i) ask({ incidents: String(i.number) }); }} /></div>
			) : (
				<>
					{what === 'findings' && <input aria-label={t('members.rule')} placeholder={t('members.rule')} class="mono" value={query('rule')} onChange={(e) => ask({ rule: e.currentTarget.value.trim() })} />}
					<input aria-label={t('incidents.subject')} placeholder={t('incidents.subject')} class="mono" value={query('subject')} onChange={(e) => ask({ subject: e.currentTarget.value.trim() })} />
				</>
			)}
		</div>
	);
}

function readers(w: Who): Reader[] {
	const own = me.value ? [{ id: '', name: t('export.me'), tlp: me.value.tlp, pap: me.value.pap, may: w.count, of: w.count }] : [];

	return [...own, ...w.contacts.map((c) => ({ ...c, id: c.contact }))];
}

function Mine(props: { m: Mark; who: Mark }) {
	const by = stricter(props.m, props.who);

	return by.tlp || by.pap
		? <span class="stays"><Icon name="lock" /><span>{by.tlp && by.pap ? 'TLP, PAP' : by.tlp ? 'TLP' : 'PAP'}</span><span class="unseen"> {t('sharing.stays')}</span></span>
		: <span class="goes"><Icon name="check" /><span class="unseen">{t('sharing.goes')}</span></span>;
}

/* Recipients down, what there is across. */
function Matrix(props: { w: Who; is: string }) {
	const { w } = props;
	const marks = [...new Map(w.items.map((i) => [same(i), i])).values()].sort((a, b) => tlpOf(a) - tlpOf(b) || papOf(a) - papOf(b));
	const of = (m: Mark) => w.items.filter((i) => same(i) === same(m)).length;

	return (
		<section class="box matrix-box" tabIndex={0} aria-label={t('sharing.who')}>
			<h2>{t('sharing.who')}</h2>
			<table class="matrix">
				<thead><tr><th scope="col">{t('sharing.recipient')}</th><th scope="col">{t('settings.clearance')}</th>
					{marks.map((m) => <th key={same(m)} scope="col"><Label tlp={m.tlp} pap={m.pap} /><span class="quiet">{t('sharing.items', { n: of(m) })}</span></th>)}
					<th scope="col">{t('sharing.gets')}</th></tr></thead>
				<tbody>
					{readers(w).map((r) => (
						<tr key={r.id} class={r.id === props.is ? 'picked' : undefined}>
							<th scope="row"><button type="button" class="linklike" aria-pressed={r.id === props.is} onClick={() => ask({ to: r.id })}><Said text={r.name || r.id} /></button></th>
							<td><Label tlp={r.tlp} pap={r.pap} /></td>
							{marks.map((m) => <td key={same(m)}><Mine m={m} who={r} /></td>)}
							<td class="gets"><progress value={r.may} max={Math.max(1, r.of)} aria-label={t('sharing.gets')} /> {t('export.may', { n: r.may, of: number(r.of) })}</td>
						</tr>
					))}
				</tbody>
			</table>
			{w.count > w.items.length && <p class="quiet">{t('sharing.first', { n: w.items.length })}</p>}
		</section>
	);
}

/* The lattice: what lies inside the line goes to them. */
function Lattice(props: { w: Who; who: Reader }) {
	const { who } = props;

	return (
		<section class="box">
			<h2>{t('sharing.lattice')} <Said text={who.name || who.id} /></h2>
			<table class="lattice">
				<thead><tr><td />{tlps.map((l) => <th key={l} scope="col"><span class={`tlp tlp-${l.slice(4).replace('+STRICT', '').toLowerCase()}`} title={l}>{l.slice(4).replace('+', '\u200b+')}</span></th>)}</tr></thead>
				<tbody>
					{[...paps].reverse().map((p) => (
						<tr key={p}>
							<th scope="row">{p}</th>
							{tlps.map((l) => {
								const m = { tlp: l, pap: p }, n = props.w.items.filter((i) => same(i) === same(m)).length, in_ = allows(m, who);

								return <td key={l} class={`${in_ ? 'inside' : ''} ${n ? 'full' : ''} ${l === who.tlp && in_ ? 'edge-right' : ''} ${p === who.pap && in_ ? 'edge-top' : ''}`}>
									{n > 0 && <><strong>{number(n)}</strong>{in_ ? <Icon name="check" /> : <Icon name="lock" />}</>}
									<span class="unseen">{t(in_ ? 'sharing.goes' : 'sharing.stays')}</span></td>;
							})}
						</tr>
					))}
				</tbody>
			</table>
			<p class="quiet">{t('sharing.lattice.help')}</p>
		</section>
	);
}

function href(i: Item): string | undefined {
	return i.kind === 'observation' ? to('findings', i.id) : undefined;
}
function Items(props: { w: Who; who: Reader }) {
	const { who } = props;
	const order = [...props.w.items].sort((a, b) => Number(allows(a, who)) - Number(allows(b, who)));

	return (
		<section class="box">
			<h2>{t('sharing.each')} <Said text={who.name || who.id} /></h2>
			<ul class="entries sharing-items">
				{order.slice(0, 200).map((i) => {
					const by = stricter(i, who), at = href(i);

					return (
						<li key={i.kind + i.id} class="sharing-item">
							<Mine m={i} who={who} />
							<span class="quiet">{word('item', i.kind)}</span>
							<span class="cut" title={`${saidText(i.title || i.id)} ${visibleText(i.subject)}`}>{at ? <a href={at}><Said text={i.title || i.id} /></a> : <Said text={i.title || i.id} />} {i.subject && <Name class="quiet" text={i.subject} />}</span>
							<Label tlp={i.tlp} pap={i.pap} />
							{(by.tlp || by.pap) && <span class="quiet sharing-why">{t('sharing.why', { is: [by.tlp ? i.tlp : '', by.pap ? i.pap : ''].filter(Boolean).join(', '),
								may: [by.tlp ? who.tlp : '', by.pap ? who.pap : ''].filter(Boolean).join(', ') })}</span>}
						</li>
					);
				})}
			</ul>
			{order.length > 200 && <p class="quiet">{t('sharing.first', { n: 200 })}</p>}
		</section>
	);
}

function Would() {
	const w = wish();
	const asked = useGet(w ? '/api/v1/sharing/who' : null, { query: (w ?? {}) as never });
	const is = asked.data;
	const all = is ? readers(is) : [], who = all.find((r) => r.id === query('to')) ?? all[1] ?? all[0];

	return (
		<>
			<Choose />
			{!w ? <Empty title={t('sharing.none')} text={t('sharing.none.help')} />
			: asked.fault ? <FaultView fault={asked.fault} again={asked.again} />
			: !is ? asked.slow ? <Skeleton rows={10} /> : null
			: !is.count || !who ? <Empty title={t('sharing.empty')} text={t('sharing.empty.help')} />
			: <>
				<Matrix w={is} is={who.id} />
				<div class="incident-grid">
					<div class="stack-wide"><Items w={is} who={who} /></div>
					<div class="stack-wide">
						<Give key={who.id} w={is} who={who} wish={w} />
						<Lattice w={is} who={who} />
					</div>
				</div>
			</>}
		</>
	);
}

export default function Sharing() {
	const tab = query('tab');

	return (
		<div class="page">
			<header class="page-head"><h1>{t('nav.sharing')}</h1></header>
			<nav class="tabs" aria-label={t('nav.sharing')}>
				{(['', 'refused', 'left'] as const).map((x) => <a key={x} href={'/sharing' + (x ? '?tab=' + x : '')} aria-current={x === tab ? 'page' : undefined}>{t(x === '' ? 'sharing.would' : x === 'refused' ? 'sharing.refused' : 'sharing.left')}</a>)}
			</nav>
			{tab === 'refused' ? <Log key="refused" refused /> : tab === 'left' ? <Log key="left" /> : <Would />}
		</div>
	);
}
