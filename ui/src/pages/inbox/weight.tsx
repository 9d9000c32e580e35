// SPDX-License-Identifier: GPL-3.0-or-later
/* weight.tsx - what speaks for and against a report, as a picture: it begins at 40, each fact
 * moves it, and where it ends is its weight, 0 noise to 100 certain.
 *
 *   start                   |======|            40
 *   + a finding is about it        |=====|     +30
 *   - no time, no URL           |--|           -25                                       */
import { Said } from '../../parts/subject';
import { number, t } from '../../text';
import type { Report } from './decide';

const START = 40;
const within = (n: number) => Math.max(0, Math.min(100, n));
const signed = (n: number) => number(n, { signDisplay: 'exceptZero' });

function Bar(props: { from: number; to: number; kind: string }) {
	const x = Math.min(props.from, props.to), width = Math.max(0.8, Math.abs(props.to - props.from));

	return (
		<svg class="weight-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
			<rect class="weight-ground" x="0" y="3" width="100" height="4" />
			<rect class={`weight-${props.kind}`} x={x} y="1" width={width} height="8" />
		</svg>
	);
}

export function Weights(props: { is: Report }) {
	let sum = START;

	return (
		<table class="weights">
			<caption class="unseen">{t('inbox.facts')}</caption>
			<thead class="unseen"><tr><th scope="col">{t('inbox.fact')}</th><td /><th scope="col">{t('inbox.weight')}</th></tr></thead>
			<tbody>
				<tr><th scope="row" class="quiet">{t('inbox.start')}</th><td><Bar from={0} to={START} kind="start" /></td><td class="number quiet">{START}</td></tr>
				{props.is.facts.map((f, i) => {
					const from = within(sum);

					sum += f.weight;
					return (
						<tr key={i}>
							<th scope="row"><Said text={f.text} /></th>
							<td><Bar from={from} to={within(sum)} kind={f.weight > 0 ? 'for' : f.weight < 0 ? 'against' : 'none'} /></td>
							<td class="number">{signed(f.weight)}</td>
						</tr>
					);
				})}
				<tr class="weights-end"><th scope="row">{t('inbox.weight')}</th><td><Bar from={0} to={props.is.weight} kind="sum" /></td><td class="number">{props.is.weight}</td></tr>
			</tbody>
		</table>
	);
}

/* In a row: the weight, and what weighed most. */
export function Weight(props: { is: number }) {
	return <span class="weight-cell"><span>{props.is}</span><Bar from={0} to={props.is} kind="sum" /></span>;
}
