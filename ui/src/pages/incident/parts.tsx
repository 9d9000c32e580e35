// SPDX-License-Identifier: GPL-3.0-or-later
/* parts.tsx - what the pages of incidents have in common: how urgent, how late, by whom. */
import { useGet, type Schema } from '../../api';
import { Icon } from '../../parts/icon';
import { Name } from '../../parts/subject';
import { isTime, now, span, stamp } from '../../time';
import { full, utc } from '../../time';
import { t, word } from '../../text';

export type Incident = Schema['incident_row'];
export const openStates = ['new', 'triaged', 'confirmed', 'notified', 'mitigating', 'mitigated'] as const;
export const endStates = ['closed', 'false-alarm', 'merged'] as const;
export const tlps = ['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'] as const;
export const paps = ['PAP:CLEAR', 'PAP:GREEN', 'PAP:AMBER', 'PAP:RED'] as const;
export const hasEnded = (state: string) => (endStates as readonly string[]).includes(state);

const DAY = 86400000;

/* A deadline: running, due within a day, or overdue; each with a word. What has ended is late no
 * more: `closed` tells which it had missed by then. */
export function Due(props: { at: string | null; ended?: boolean; closed?: string | null; met?: string | null }) {
	if (isTime(props.met))
		return isTime(props.at) && stamp(props.met) > stamp(props.at)
			? <span class="chip chip-due"><Icon name="check" />{t('incidents.met-late')}</span>
			: <span class="chip chip-good"><Icon name="check" />{t('incidents.met')}</span>;
	if (isTime(props.at) && isTime(props.closed) && stamp(props.at) <= stamp(props.closed))
		return <span class="chip chip-bad">{t('incidents.missed')}</span>;
	if (!isTime(props.at) || props.ended)
		return null;
	const is = stamp(props.at), left = is.getTime() - now.value;
	const kind = left <= 0 ? 'chip-bad' : left < DAY ? 'chip-due' : '';
	const length = span(Math.max(60000, Math.abs(left)));

	return (
		<span class={`chip ${kind}`} title={`${full(is)}\n${utc(is)}`}>
			<Icon name="jobs" />{left <= 0 ? t('incidents.overdue', { time: length }) : t('incidents.due', { time: length })}
		</span>
	);
}

/* How urgent, in words; why on hover and for screen readers. */
export function Priority(props: { is: string; why?: string; whole?: boolean }) {
	const kind = { urgent: 'chip-bad', high: 'chip-due' }[props.is] ?? '';
	const is = word('priority', props.is);

	return <span class={`chip priority ${kind}`} title={props.why}>{props.whole ? t('incidents.priority.is', { is }) : is}</span>;
}

export function Owner(props: { is: string }) {
	return props.is ? <Name text={props.is} /> : <span class="quiet">{t('incidents.nobody')}</span>;
}

/* Options of a <select>; what the server says is what is sent. */
export function Options(props: { of: readonly string[]; words?: string; titles?: readonly string[]; none?: string; is?: string }) {
	return (
		<>
			{props.none !== undefined && <option value="">{props.none}</option>}
			{props.of.map((o, n) => <option key={o} value={o} selected={props.is === undefined ? undefined : o === props.is}>{props.words ? word(props.words, o) : props.titles?.[n] ?? o}</option>)}
		</>
	);
}

/* What the letters are called in the reader's language, by their names; English has those
 * names ("regulator-warning"), and the house's own letters have no others. */
export function useLetters(): Record<string, string> {
	const is = useGet('/api/v1/letters').data;

	return Object.fromEntries(is?.items.map((name, n) => [name, (is.titles[n] ?? name) === name ? name.replaceAll('-', ' ') : is.titles[n]!]) ?? []);
}

/* The sets of deadlines that the server knows, for an input's list. */
export function ClockSets(props: { id: string }) {
	const sets = useGet('/api/v1/settings/clocks');

	return <datalist id={props.id}>{sets.data?.items.map((s) => <option key={s.name} value={s.name} />)}</datalist>;
}
