// SPDX-License-Identifier: GPL-3.0-or-later
/* contacts.tsx - who can act, and whether they can be reached. Two looks:
 *
 *   all    every contact, narrowed by role and by how long it has not been proven
 *   act    who can act for a domain, an address, an AS: by role, in order of escalation
 *
 * The view and its filters stand in the address. */
import { useSignal } from '@preact/signals';
import { useGet, useList, type Schema } from '../api';
import { useKeys } from '../keys';
import { useLive } from '../live';
import { Empty } from '../parts/empty';
import { Facets } from '../parts/facets';
import { FaultView } from '../parts/fault';
import { Filter } from '../parts/filter';
import { Icon } from '../parts/icon';
import { Label } from '../parts/label';
import { Skeleton } from '../parts/loading';
import { Name, Said } from '../parts/subject';
import { Table } from '../parts/table';
import { Time } from '../parts/when';
import { ask, go, query, to } from '../router';
import { may, slim } from '../state';
import { t, word } from '../text';
import { Add } from './contact/change';
import { Covers, Reach, Roles, roles } from './contact/parts';
import { Options } from './incident/parts';

type Row = Schema['contact_row'];
const unproven = ['30', '90', '365'] as const;

function Card(props: { is: Row }) {
	const c = props.is;

	return (
		<div class="row-card">
			<div class="line"><strong class="cut"><Said text={c.name || c.id} /></strong><Label tlp={c.tlp} /></div>
			<div class="line quiet"><Reach is={c.address} /><span class="cut"><Roles of={c.roles} /></span></div>
		</div>
	);
}

function All(props: { add: () => void }) {
	const role = query('role'), days = query('unproven'), kind = query('kind');
	const list = useList('/api/v1/contacts', { query: { text: query('text'), role, limit: 200,
		...(kind ? { kind: kind as 'person' } : {}), ...(days ? { unproven_days: Number(days) } : {}) } });
	const filtered = !!(query('text') || role || days || kind);

	useLive((e) => e.about.startsWith('contact:'), list.again, 1500);
	return (
		<>
			<div class="filters" role="search" aria-label={t('contacts.narrow')}>
				<Filter label={t('contacts.filter')} value={query('text')} busy={list.busy} change={(text) => ask({ text }, { replace: true })} />
				{slim.value && (
					<select aria-label={t('contacts.role')} value={role} onChange={(e) => ask({ role: e.currentTarget.value })}>
						<Options none={t('contacts.role.any')} words="contact-role" of={roles} />
					</select>
				)}
				{filtered && <button type="button" class="plain" onClick={() => ask({ text: '', role: '', unproven: '', kind: '' })}>{t('incidents.clear')}</button>}
			</div>
			<div class="sided">
				{!slim.value && (
					<div class="sided-side">
						<Facets label={t('contacts.narrow')} pick={(name, value) => ask({ [name]: value })} groups={[
							{ name: 'role', title: t('contacts.role'), picked: role, values: roles.map((r) => ({ value: r, label: word('contact-role', r) })) },
							{ name: 'unproven', title: t('contacts.unproven'), picked: days, values: unproven.map((d) => ({ value: d, label: t('contacts.days', { n: Number(d) }) })) },
							{ name: 'kind', title: t('contacts.kind'), picked: kind, values: ['organisation', 'person'].map((k) => ({ value: k, label: word('contact-kind', k) })) },
						]} />
					</div>
				)}
				<div class="sided-main">
					{list.fault ? <FaultView fault={list.fault} again={list.again} />
					: !list.data ? list.slow ? <Skeleton rows={16} /> : null
					: !list.data.length ? filtered
						? <Empty title={t('contacts.none.filtered')} action={{ label: t('incidents.clear'), run: () => ask({ text: '', role: '', unproven: '', kind: '' }) }} />
						: <Empty title={t('contacts.none')} text={t('contacts.none.help')} command="vedette contacts import registrar.json people.csv --db desk.db"
							action={may('analyst') ? { label: t('contacts.new'), run: props.add } : undefined} />
					: <Table fill keys label={t('nav.contacts')} rows={list.data} id={(c) => c.id} href={(c) => to('contacts', c.id)}
						more={list.more} card={(c) => <Card is={c} />}
						columns={[
							{ name: 'name', head: t('settings.name'), cell: (c) => <a class="subject" href={to('contacts', c.id)}><Said text={c.name || c.id} /></a> },
							{ name: 'roles', head: t('contacts.role'), width: '7.5rem', cell: (c) => <Roles of={c.roles} /> },
							{ name: 'covers', head: t('contacts.covers'), hide: 'medium', cell: (c) => <Covers of={c.covers} /> },
							{ name: 'reach', head: t('contacts.reached'), width: '15rem', cell: (c) => <Reach is={c.address} address /> },
							{ name: 'proven', head: t('contacts.proven'), width: '6.5rem', hide: 'medium', cell: (c) => <Time at={c.proven} as="relative" /> },
							{ name: 'languages', head: t('contacts.languages'), width: '6rem', hide: 'wide', cell: (c) => c.languages },
							{ name: 'cleared', head: t('settings.clearance'), width: '13.5rem', hide: 'medium', cell: (c) => <Label tlp={c.tlp} pap={c.pap} /> },
						]} />}
				</div>
			</div>
		</>
	);
}

function Act() {
	const about = query('about');
	const found = useGet(about ? '/api/v1/route' : null, { query: { about } });
	const steps = found.data?.steps ?? [];
	const by = [...new Set(steps.map((s) => s.role))];

	return (
		<>
			<div class="filters" role="search" aria-label={t('contacts.act')}>
				<Filter label={t('contacts.about')} hint="shop.example, 192.0.2.7, AS64500, iana:9999" value={about} busy={!!about && found.busy} change={(v) => ask({ about: v }, { replace: true })} />
			</div>
			{found.fault ? <FaultView fault={found.fault} again={found.again} />
			: !about ? <Empty title={t('contacts.act')} text={t('contacts.act.help')} command="vedette contacts route shop.example 192.0.2.7 AS64500 --db desk.db" />
			: !found.data ? found.slow ? <Skeleton rows={6} /> : null
			: !steps.length ? <Empty title={t('notify.nobody')} text={<>{t('notify.nobody.help')} <Name text={about} /></>} />
			: <div class="acting">
				{by.map((role) => (
					<section class="box" key={role}>
						<h2>{word('contact-role', role)}</h2>
						<ol class="entries">
							{steps.filter((s) => s.role === role).map((s, i) => (
								<li key={s.contact.id} class="acting-step">
									<span class="acting-place">{i + 1}</span>
									<div class="stack-tight">
										<a href={to('contacts', s.contact.id)}><Said text={s.contact.name || s.contact.id} /></a>
										<span class="line quiet">{t('notify.covers')} {s.cover === '.' ? t('contacts.everything') : <Name text={s.cover} />}</span>
										<Reach is={s.address} address />
										{s.contact.hours && <span class="quiet"><Said text={s.contact.hours} /></span>}
									</div>
									<Label tlp={s.contact.tlp} />
								</li>
							))}
						</ol>
					</section>
				))}
				{found.data.left > 0 && <p class="quiet">{t('contacts.left', { n: found.data.left })}</p>}
			</div>}
		</>
	);
}

export default function Contacts() {
	const add = useSignal(false), act = query('view') === 'act';

	useKeys([{ keys: 'v', help: 'keys.contacts.view', run: () => ask({ view: act ? '' : 'act' }) },
		...(may('analyst') ? [{ keys: 'n', help: 'contacts.new' as const, run: () => { add.value = true; } }] : [])]);
	return (
		<div class={`page ${act ? '' : 'whole'}`}>
			<header class="page-head">
				<h1>{t('nav.contacts')}</h1>
				<div class="switch" role="group" aria-label={t('incidents.view')}>
					<button type="button" aria-pressed={!act} onClick={() => ask({ view: '' })}>{t('contacts.all')}</button>
					<button type="button" aria-pressed={act} onClick={() => ask({ view: 'act' })}>{t('contacts.act')}</button>
				</div>
				{may('analyst') && <button type="button" class="main" onClick={() => { add.value = true; }}><Icon name="plus" />{t('contacts.new')}</button>}
			</header>
			{act ? <Act /> : <All add={() => { add.value = true; }} />}
			{add.value && <Add close={() => { add.value = false; }} done={(id) => go(to('contacts', id))} />}
		</div>
	);
}
