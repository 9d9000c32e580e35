// SPDX-License-Identifier: GPL-3.0-or-later
/* severity.tsx - five steps; each has a shape of its own, so that no colour is needed. */
import { short, t, word } from '../text';

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type SeverityName = (typeof severities)[number];
const shapes: Record<SeverityName, string> = {
	info: 'M6 1.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4z',	// ring
	low: 'M1.8 3h8.4L6 10.2z',			// points down
	medium: 'M2 2h8v8H2z',				// square
	high: 'M6 1.5l4.8 8.6H1.2z',			// points up
	critical: 'M3.7.7h4.6l3 3v4.6l-3 3H3.7l-3-3V3.7z',	// stop sign
};

export function SeverityShape(props: { is: string }) {
	const is = (severities as readonly string[]).includes(props.is) ? props.is as SeverityName : 'info';

	return (
		<svg class={`sev-shape sev-${is}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" focusable="false">
			<path d={shapes[is]} />
		</svg>
	);
}
export function Severity(props: { is: string; bare?: boolean }) {
	return (
		<span class={`sev sev-${props.is}`} title={word('severity', props.is)}>
			<SeverityShape is={props.is} />
			<span class={props.bare ? 'unseen' : undefined}>{word('severity', props.is)}</span>
		</span>
	);
}
/* "High and above": how filters take a severity. */
export const atLeast = (is: string): string => is === 'critical' ? word('severity', is) : t('findings.least', { severity: word('severity', is) });

/* How many of each, the gravest first; those that are not there are left out. */
export function Tally(props: { of: readonly number[] }) {
	return (
		<span class="tally">
			{[4, 3, 2, 1, 0].filter((i) => props.of[i]).map((i) => (
				<span key={i} class="sev" title={word('severity', severities[i]!)}>
					<SeverityShape is={severities[i]!} />{short(props.of[i]!, 1000)}<span class="unseen"> {word('severity', severities[i]!)}</span>
				</span>
			))}
		</span>
	);
}
