// SPDX-License-Identifier: GPL-3.0-or-later
/* finding-features.tsx - what was measured against what the rule wants, as a picture.
 *
 *   distinct names   |----------|====#==>|   1,110 names   at least 300
 *                               ^ the threshold, always in the middle
 *
 * The scale is one of ratios: each step to the right doubles, to the left halves, three
 * steps to each side and then the edge, so that a value of any unit can be compared by eye.
 * The side that the rule wants is shaded. */
import { Empty } from '../parts/empty';
import { number, t } from '../text';
import type { Schema } from '../api';
import type { Whole } from './finding';

type Feature = Schema['feature'];
const STEPS = 3;	// doublings to either side
const WIDTH = 180, HEIGHT = 20;

export function value(n: number, unit: string): string {
	const digits = Math.abs(n) >= 100 || Number.isInteger(n) ? 0 : Math.abs(n) >= 1 ? 2 : 4;
	const text = number(n, { maximumFractionDigits: digits });

	return unit ? `${text} ${unit}` : text;
}
/* "distinct_names" -> "distinct names" */
const spoken = (name: string) => name.replaceAll('_', ' ');
const meets = (f: Feature) => f.rule === 'shown' || (f.rule === 'at-least' ? f.value >= f.threshold : f.value <= f.threshold);

function place(f: Feature): { x: number; over: -1 | 0 | 1 } {
	if (f.threshold <= 0 || f.value <= 0) {
		const over = f.value > f.threshold ? 1 : f.value < f.threshold ? -1 : 0;
		return { x: WIDTH / 2 + over * (WIDTH / 2 - 8), over };
	}
	const steps = Math.log2(f.value / f.threshold), cut = Math.max(-STEPS, Math.min(STEPS, steps));
	return { x: WIDTH / 2 + (cut / STEPS) * (WIDTH / 2 - 8), over: steps > STEPS ? 1 : steps < -STEPS ? -1 : 0 };
}

function Picture(props: { f: Feature }) {
	const { f } = props, { x, over } = place(f), mid = WIDTH / 2, good = meets(f), y = HEIGHT / 2;
	const ticks = Array.from({ length: 2 * STEPS + 1 }, (_, i) => 8 + (i * (WIDTH - 16)) / (2 * STEPS));

	return (
		<svg class={`gauge ${good ? 'gauge-met' : ''}`} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true" focusable="false">
			<rect class="gauge-side" x={f.rule === 'at-least' ? mid : 0} y="3" width={mid} height={HEIGHT - 6} rx="3" />
			<path class="gauge-line" d={`M0 ${y}H${WIDTH}` + ticks.map((k) => `M${k} ${y - 2}v4`).join('')} />
			<path class="gauge-value" d={`M${mid} ${y}H${x}`} />
			<path class="gauge-mark" d={`M${mid} 1v${HEIGHT - 2}`} />
			{over === 0 ? <circle class="gauge-dot" cx={x} cy={y} r="4.5" />
				: <path class="gauge-dot" d={over > 0 ? `M${x - 4} ${y - 5}l9 5-9 5z` : `M${x + 4} ${y - 5}l-9 5 9 5z`} />}
		</svg>
	);
}

function ratio(f: Feature): string {
	if (f.threshold <= 0 || f.value <= 0)
		return '';
	const by = f.value / f.threshold;

	return by >= 1.05 ? t('finding.times', { n: number(by, { maximumSignificantDigits: by < 10 ? 2 : 3 }) })
		: by <= 0.95 ? t('finding.percent', { n: number(by, { style: 'percent', maximumFractionDigits: by < 0.1 ? 1 : 0 }) }) : '';
}

export function Features(props: { f: Whole }) {
	const help = new Map(props.f.features.map((f, i) => [f.name, props.f.feature_help[i] ?? f.help]));
	const judged = props.f.features.filter((f) => f.rule !== 'shown');
	const shown = props.f.features.filter((f) => f.rule === 'shown');

	return (
		<section class="box">
			<div class="box-head"><h2>{t('finding.features')}</h2>{judged.length > 0 && <span class="quiet">{t('finding.features.help')}</span>}</div>
			{!props.f.features.length && <Empty title={t('finding.features.none')} text={t('finding.features.none.help')} />}
			{judged.length > 0 && (
				<table class="features">
					<thead class="unseen"><tr><th scope="col">{t('finding.feature')}</th><th scope="col">{t('finding.picture')}</th><th scope="col">{t('finding.value')}</th><th scope="col">{t('finding.wanted')}</th></tr></thead>
					<tbody>
						{judged.map((f) => (
							<tr key={f.name}>
								<th scope="row"><span class="feature-name">{help.get(f.name) || spoken(f.name)}</span><span class="quiet name">{f.name}</span></th>
								<td class="gauge-cell"><Picture f={f} /></td>
								<td class="feature-value"><strong>{value(f.value, f.unit)}</strong> <span class="quiet">{ratio(f)}</span></td>
								<td class="feature-wanted">
									<span class={`chip ${meets(f) ? 'chip-bad' : ''}`}>{meets(f) ? t('finding.met') : t('finding.unmet')}</span>
									<span class="quiet">{f.rule === 'at-least' ? t('finding.at-least', { value: value(f.threshold, '') }) : t('finding.at-most', { value: value(f.threshold, '') })}</span>
								</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
			{shown.length > 0 && (
				<dl class="shown">
					{shown.map((f) => <div key={f.name} title={f.name}><dt>{help.get(f.name) || spoken(f.name)}</dt><dd>{value(f.value, f.unit)}</dd></div>)}
				</dl>
			)}
		</section>
	);
}
