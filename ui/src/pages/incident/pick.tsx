// SPDX-License-Identifier: GPL-3.0-or-later
/* pick.tsx - an incident to be picked of many, by its number or by words of its title,
 * subject, family; a person who can own one. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { useGet, useList } from '../../api';
import { Pick, type Choice } from '../../parts/pick';
import { SeverityShape } from '../../parts/severity';
import { Said, saidText } from '../../parts/subject';
import { t, word } from '../../text';
import { hasEnded, type Incident } from './parts';

const named = (i: Incident): Choice => ({ value: String(i.number), text: `${i.number} · ${saidText(i.title)}`,
	view: <span class="pick-row"><SeverityShape is={i.severity} /><span class="quiet">{i.number}</span><span class="cut"><Said text={i.title} /></span><span class="quiet">{word('state', i.state)}</span></span> });

interface PickIncidentProps {
	picked: Incident | null;
	pick: (is: Incident | null) => void;
	label: string;
	hint?: string;
	not?: number;		// this one cannot be picked
	ended?: boolean;	// those too that have ended
	bare?: boolean;
	required?: boolean;
	autofocus?: boolean;
}
export function PickIncident(props: PickIncidentProps) {
	const typed = useSignal(''), text = useSignal(''), timer = useRef<ReturnType<typeof setTimeout>>();
	const number = /^#?(\d{1,15})$/.exec(text.value)?.[1];
	const list = useList('/api/v1/incidents', { query: { ...(props.ended ? {} : { open: true }), order: props.ended ? 'changed' : 'priority', limit: 20, ...(text.value && !number ? { text: text.value } : {}) } });
	const one = useGet(number ? '/api/v1/incidents/{number}' : null, { path: { number: number ?? '' } });
	const rows = (number ? one.data && !one.fault && one.data.number === Number(number) ? [one.data as Incident] : [] : list.data ?? [])
		.filter((i) => i.number !== props.not && (props.ended || !hasEnded(i.state)));

	useEffect(() => () => clearTimeout(timer.current), []);
	return (
		<Pick label={props.label} hint={props.hint} bare={props.bare} required={props.required} autofocus={props.autofocus} none={t('pick.incident.none')}
			busy={typed.value !== text.value || (number ? one.busy : list.busy)}
			choices={rows.map(named)} picked={props.picked && named(props.picked)}
			pick={(c) => props.pick(c ? rows.find((i) => String(i.number) === c.value) ?? null : null)}
			type={(is) => { typed.value = is; clearTimeout(timer.current); timer.current = setTimeout(() => { text.value = is; }, 120); }} />
	);
}
