// SPDX-License-Identifier: GPL-3.0-or-later
/* overtime.tsx - findings over time by severity; a time that is picked leads to its findings. */
import { useMemo } from 'preact/hooks';
import { go } from '../router';
import { t, word } from '../text';
import { span } from '../time';
import { Chart, type Series } from './chart';
import { severities } from './severity';

export interface Timeline { from: string; step_s: number; counts: number[][] }
export const sum = (n: readonly number[]) => n.reduce((a, b) => a + b, 0);
const text = (ms: number) => new Date(ms).toISOString().slice(0, 19) + 'Z';

export const severitySeries = (timeline: Timeline): Series[] =>
	severities.map((s, i) => ({ name: word('severity', s), color: `--sev-${s}`, values: timeline.counts.map((c) => c[i] ?? 0) }));

/* `filter`: of the list of findings that is led to, "under=example.com&" */
export function OverTime(props: { timeline: Timeline; filter?: string; height: number }) {
	const { timeline } = props, step = timeline.step_s * 1000;
	const series = useMemo(() => severitySeries(timeline), [timeline, word('severity', 'high')]);

	return <Chart label={t('overview.timeline.label', { n: sum(timeline.counts.map(sum)), step: span(step) })} what={t('overview.findings')}
		from={Date.parse(timeline.from)} step={step} series={series} height={props.height}
		pick={(from, until) => go(`/findings?${props.filter ?? ''}since=${text(from)}&until=${text(until)}`)} />;
}
