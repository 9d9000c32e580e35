// SPDX-License-Identifier: GPL-3.0-or-later
/* tally.tsx - how many of each severity, the gravest first. */
import { severities, SeverityShape } from '../../parts/severity';
import { short, word } from '../../text';

export function Tally(props: { of: readonly number[] }) {
	return (
		<span class="tally">
			{[4, 3, 2, 1, 0].filter((i) => props.of[i]).map((i) => (
				<span key={i} class="sev" title={word('severity', severities[i]!)}><SeverityShape is={severities[i]!} />{short(props.of[i]!)}<span class="unseen"> {word('severity', severities[i]!)}</span></span>
			))}
		</span>
	);
}
