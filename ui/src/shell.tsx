// SPDX-License-Identifier: GPL-3.0-or-later
/* shell.tsx - what stands around every page: navigation, top line, the keyboard map.
 *
 *   +------+-------------------------------------------+
 *   | rail | place            search   live   account  |
 *   |      +-------------------------------------------+
 *   |      | the page                                  |
 *   +------+-------------------------------------------+      under 700 px the rail is
 *                                                             a bar at the bottom      */
import { signal, useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { asFault, away, get, raw, type Fault } from './api';
import { choose } from './gate';
import { bound, useKeys } from './keys';
import { live } from './live';
import { pageOf, pages, type Page } from './pages';
import { Dialog } from './parts/dialog';
import { Empty } from './parts/empty';
import { Boundary, FaultView } from './parts/fault';
import { Icon, Mark } from './parts/icon';
import { Skeleton } from './parts/loading';
import { Menu, MenuChoice, MenuItem, MenuPart } from './parts/menu';
import { go, memory, place } from './router';
import { may, me, theme, themes, zone, zones } from './state';
import { language, languageNames, languages, t, word, type Key } from './text';
import { skew, span, zoneNow, zoneName } from './time';

/* What a page calls its content ("example.com"): stands in the top line and the title. */
export const heading = signal('');
export function useHeading(text: string | undefined): void {
	useEffect(() => {
		heading.value = text ?? '';
		return () => { heading.value = ''; };
	}, [text]);
}

const AGAIN = 3000;	/* ms until a page that could not be fetched is tried again */
const loaded = new Map<Page, ComponentType<Record<string, string>>>();

function Current(props: { page: Page; values: Record<string, string> }) {
	const ready = useSignal(false);	// draws it once it is there
	const failed = useSignal<Fault | 'stale' | null>(null);
	const slow = useSignal(false), turn = useSignal(0);

	useEffect(() => {
		if (loaded.has(props.page))
			return;
		let gone = false, timer = setTimeout(() => { slow.value = true; }, 150);
		const fail = (is: Fault | 'stale') => {
			if (gone)
				return;
			failed.value = is;
			if (is !== 'stale')
				timer = setTimeout(() => { turn.value++; }, AGAIN);
		};
		props.page.load().then((m) => {
			loaded.set(props.page, m.default as unknown as ComponentType<Record<string, string>>);
			clearTimeout(timer);
			ready.value = true;
		}, () => get('/api/v1/me').then(() => fail('stale'), (e) => fail(asFault(e))));
		return () => { gone = true; clearTimeout(timer); };
	}, [turn.value]);
	const View = ready.value || loaded.has(props.page) ? loaded.get(props.page) : undefined;
	if (View)
		return <View {...props.values} />;
	if (failed.value === 'stale')	// the server was renewed meanwhile: its files have other names
		return <Empty title={t('shell.stale')} action={{ label: t('shell.reload'), run: () => location.reload() }} />;
	if (failed.value)
		return <FaultView fault={failed.value} again={() => { turn.value++; }} />;
	return slow.value ? <Skeleton rows={12} /> : null;
}

function useRoute() {
	const path = place.value.path;

	return useMemo(() => pageOf(path), [path]);
}

function Rail(props: { at: string | undefined }) {
	return (
		<nav class="rail" aria-label={t('nav.label')}>
			<a class="rail-mark" href="/" aria-label="Vedette" tabIndex={-1}><Mark /></a>
			<ul>
				{pages.filter((p) => p.rail && may(p.role ?? 'viewer')).map((p) => (
					<li key={p.path}>
						<a href={p.path} aria-current={props.at === p.path ? 'page' : undefined}
							title={`${t(p.title)}  (g ${p.rail!.key})`}>
							<Icon name={p.rail!.icon} /><span>{t(p.title)}</span>
						</a>
					</li>
				))}
			</ul>
		</nav>
	);
}

function Search() {
	const input = useRef<HTMLInputElement>(null);

	useKeys([{ keys: 's', help: 'keys.search', run: () => { input.current?.focus(); input.current?.select(); } }]);
	return (
		<form class="search" role="search" onSubmit={(e) => {
			e.preventDefault();
			const text = input.current!.value.trim();
			if (text) {
				go('/findings?text=' + encodeURIComponent(text));
				input.current!.value = '';
				input.current!.blur();
			}
		}}>
			<Icon name="search" />
			<input ref={input} type="search" aria-label={t('shell.search')} placeholder={t('shell.search')}
				autocomplete="off" spellcheck={false}
				onKeyDown={(e) => { if (e.key === 'Escape') e.currentTarget.blur(); }} />
			<kbd aria-hidden="true">s</kbd>
		</form>
	);
}

function Live() {
	const is = away.value && live.value === 'live' ? 'connecting' : live.value;

	return (
		<span class={`live live-${is}`} role="status" title={t(`live.${is}.help` as Key)}>
			<span class="dot" aria-hidden="true" /><span class="live-word">{t(`live.${is}` as Key)}</span>
		</span>
	);
}

/* The zone that times are shown in; a click changes to UTC and back. */
const SKEWED = 60000;
function Zone() {
	const wrong = Math.abs(skew.value) > SKEWED;
	const flip = () => { zone.value = zone.value === 'utc' ? 'local' : 'utc'; };

	useKeys([{ keys: 'U', help: 'keys.utc', run: flip }]);
	return (
		<button type="button" class={`plain zone ${zone.value === 'utc' || wrong ? 'zone-shown' : ''} ${wrong ? 'ink-due' : ''}`} aria-label={`${zoneNow()}. ${t('zone.are', { zone: zoneName() })}`}
			title={t('zone.are', { zone: zoneName() }) + '\n' + t(zone.value === 'utc' ? 'zone.to-local' : 'zone.to-utc') +
				(wrong ? '\n' + t(skew.value > 0 ? 'zone.slow' : 'zone.fast', { by: span(skew.value) }) : '')} onClick={flip}>{zoneNow()}</button>
	);
}

async function signOut(): Promise<void> {
	await raw('POST', '/api/v1/sign-out', {}).catch(() => {});
	me.value = null;
	go('/');
}

function Account() {
	const is = me.value!;

	return (
		<Menu label={t('colon', { what: is.login, why: t('account.title') })} button={<><Icon name="person" /><span class="account-name">{is.login}</span></>}>
			<div class="menu-who">
				<strong>{is.login}</strong>
				<span class="quiet">{word('role', is.role)} · {is.tlp} · {is.pap}</span>
			</div>
			<MenuPart label={t('account.language')}>
				{languages.map((l) => (
					<MenuChoice key={l} on={language.value === l} run={() => choose(l)}>
						<span lang={l}>{languageNames[l]}</span>
					</MenuChoice>
				))}
			</MenuPart>
			<MenuPart label={t('account.theme')}>
				{themes.map((x) => (
					<MenuChoice key={x} on={theme.value === x} run={() => { theme.value = x; }}>
						{t(`theme.${x}` as Key)}
					</MenuChoice>
				))}
			</MenuPart>
			<MenuPart label={t('account.times')}>
				{zones.map((z) => (
					<MenuChoice key={z} on={zone.value === z} run={() => { zone.value = z; }}>
						{z === 'utc' ? 'UTC' : t('zone.local', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
					</MenuChoice>
				))}
			</MenuPart>
			<MenuPart label={t('account.more')}>
				<MenuItem run={() => { keysOpen.value = true; }}>{t('account.keys')} <kbd>?</kbd></MenuItem>
				<MenuItem run={signOut}>{t('account.out')}</MenuItem>
			</MenuPart>
		</Menu>
	);
}

/* ---- the keyboard map ---- */

const keysOpen = signal(false);

function Keys() {
	const seen = new Set<string>();
	const rows = bound.value.flat().reverse().filter((b) => !seen.has(b.keys) && seen.add(b.keys)).reverse();

	return (
		<Dialog open={keysOpen.value} close={() => { keysOpen.value = false; }} title={t('keys.title')}>
			<dl class="keys">
				{rows.map((b) => (
					<div key={b.keys}>
						<dt>{b.keys.split(' ').map((k) => <kbd key={k}>{k === 'Enter' ? '↵' : k === ' ' ? '␣' : k}</kbd>)}</dt>
						<dd>{t(b.help)}</dd>
					</div>
				))}
			</dl>
		</Dialog>
	);
}

function Goers() {
	useKeys([
		{ keys: '?', help: 'keys.map', run: () => { keysOpen.value = !keysOpen.value; } },
		...pages.filter((p) => p.rail && may(p.role ?? 'viewer')).map((p) => ({
			keys: `g ${p.rail!.key}`, help: p.title, run: () => go(p.path),
		})),
	]);
	return null;
}

export function Shell() {
	const route = useRoute();
	const main = useRef<HTMLElement>(null);
	const at = route?.page.of ?? route?.page.path;
	const allowed = route && may(route.page.role ?? 'viewer');
	const title = route ? t(route.page.title) : t('shell.nowhere');
	const whole = heading.value || title;
	const begun = useRef(false);

	useEffect(() => { document.title = `${whole} · Vedette`; }, [whole]);
	useLayoutEffect(() => {	// the way back leads to where one was
		scrollTo(0, Number(memory().get('y') ?? 0));
	}, [place.value.path]);
	useEffect(() => {
		const keep = () => { memory().set('y', scrollY); };

		addEventListener('scroll', keep, { passive: true });
		return () => removeEventListener('scroll', keep);
	}, []);
	useEffect(() => {	// a screen reader hears that it is another page
		if (begun.current)
			main.current?.focus({ preventScroll: true });
		begun.current = true;
	}, [place.value.path]);
	return (
		<div class="shell">
			<a class="skip" href="#main" onClick={(e) => { e.preventDefault(); main.current?.focus(); }}>{t('shell.skip')}</a>
			<Goers />
			<Rail at={at} />
			<header class="top">
				<div class="place">
					{route?.page.of ? (() => {
						const parent = pages.find((p) => p.path === route.page.of);
						return parent && <><a href={parent.path}>{t(parent.title)}</a><span aria-hidden="true">/</span></>;
					})() : null}
					<span class="place-now" dir="auto">{whole}</span>
				</div>
				<Search />
				<Live />
				<Zone />
				<Account />
			</header>
			<main id="main" ref={main} tabIndex={-1}>
				<Boundary key={place.value.path}>
					{!route ? <Empty title={t('shell.nowhere')} text={t('shell.nowhere.help')} action={{ label: t('nav.overview'), href: '/' }} />
						: !allowed ? <Empty title={t('shell.role', { role: word('role', route.page.role!) })} />
						: <Current page={route.page} values={route.values} />}
				</Boundary>
			</main>
			<Keys />
		</div>
	);
}
