// SPDX-License-Identifier: GPL-3.0-or-later
/* chart.tsx - how many over time, by uPlot: bars on top of each other, one for each step.
 *
 *   <Chart label="..." from={ms} step={ms} series={[{ name, color: '--sev-high', values }]} />
 *
 * A bar stands over the time that it counts. Colours are tokens, so that a change of theme
 * draws anew. What a picture shows a screen reader gets as a table. Dragging picks a time
 * span where `pick` is given. */
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { dark, zone } from '../state';
import { number, regional, short, t } from '../text';
import { dayMonth, hour, minutes, span, stamp, utc } from '../time';

export interface Series { name: string; color: string; values: number[] }
export interface ChartProps {
	label: string;
	what: string;		// what is counted: "findings"
	from: number;		// ms, where the first step begins
	step: number;		// ms
	series: Series[];	// the first below
	height?: number;
	pick?: (from: number, until: number) => void;
}
const AXIS = 42;	/* px for the numbers on the left */

/* Each with those below it: drawn from the highest to the lowest. */
function sums(series: Series[]): number[][] {
	const out: number[][] = [];

	series.forEach((s, i) => out.push(s.values.map((v, k) => v + (i ? out[i - 1]![k]! : 0))));
	return out.reverse();
}

/* What a bar says: when, in the reader's zone and in UTC, and how many of each. */
function said(p: ChartProps, i: number): string {
	const from = stamp(p.from + i * p.step), until = stamp(p.from + (i + 1) * p.step);
	const day = dayMonth(from) === dayMonth(until) ? hour(until) : minutes(until);

	return [`${minutes(from)} – ${day}`, ...(zone.value === 'utc' ? [] : [`${utc(from)} – ${utc(until)}`]),
		...p.series.filter((s) => s.values[i]).reverse().map((s) => `${s.name}  ${number(s.values[i]!)}`)].join('\n');
}

export function Chart(props: ChartProps) {
	const box = useRef<HTMLDivElement>(null);
	const tip = useRef<HTMLDivElement>(null);
	const last = useRef(props);
	const count = props.series[0]?.values.length ?? 0;

	last.current = props;
	useEffect(() => {
		const host = box.current!, style = getComputedStyle(host);
		const color = (name: string) => style.getPropertyValue(name).trim() || name;
		const { from, step } = props, until = from + count * step;
		const times = Array.from({ length: count }, (_, i) => from + i * step);
		const axis = { stroke: color('--quiet'), font: `11px ${style.fontFamily}`, grid: { stroke: color('--line'), width: 1 }, ticks: { show: false } };
		const plot = new uPlot({
			width: Math.max(200, host.clientWidth), height: props.height ?? 160, ms: 1,
			tzDate: (ms) => zone.value === 'utc' ? uPlot.tzDate(new Date(ms), 'Etc/UTC') : new Date(ms),
			cursor: { y: false, points: { show: false }, drag: { x: !!props.pick, y: false, setScale: false } },
			legend: { show: false }, padding: [8, 6, 0, 0],
			scales: {
				x: { time: true, range: () => [from, until] },
				y: { range: (_, __, max) => [0, Math.max(1, max * 1.05)] },
			},
			axes: [
				{ ...axis, grid: { show: false }, size: 24, space: 60, values: (_, ticks) =>
					ticks.map((v) => until - from > 2.5 * 86400000 ? dayMonth(stamp(v)) : hour(stamp(v))) },
				{ ...axis, size: AXIS, space: 28, values: (_, ticks) => ticks.map((v) => v % 1 ? '' : short(v)) },
			],
			series: [{}, ...[...props.series].reverse().map((s) => ({ label: s.name, fill: color(s.color), stroke: color(s.color), width: 0,
				points: { show: false }, paths: uPlot.paths.bars!({ size: [0.82, 40], gap: 1, align: 1 }) }))],
			hooks: {
				setCursor: [(u) => {
					const left = u.cursor.left ?? -1, to = tip.current!;
					const i = Math.floor((u.posToVal(left, 'x') - from) / step);

					to.hidden = left < 0 || i < 0 || i >= count;
					if (to.hidden)
						return;
					to.textContent = said(last.current, i);
					const x = u.valToPos(from + (i + 0.5) * step, 'x') + AXIS;
					to.style.left = `${Math.min(Math.max(0, x - to.offsetWidth / 2), host.clientWidth - to.offsetWidth)}px`;
				}],
				setSelect: [(u) => {
					if (u.select.width > 4)
						last.current.pick?.(u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x'));
					u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
				}],
			},
		}, [times, ...sums(props.series)] as uPlot.AlignedData, host);
		const observer = new ResizeObserver(() => plot.setSize({ width: Math.max(200, host.clientWidth), height: props.height ?? 160 }));

		observer.observe(host);
		return () => { observer.disconnect(); plot.destroy(); };
	}, [props.from, props.step, props.series, dark.value, zone.value, regional()]);
	const first = Math.max(0, count - 60);
	return (
		<figure class="chart" aria-label={props.label}>
			<div class="chart-box" ref={box} aria-hidden="true"><div class="chart-tip" ref={tip} hidden /></div>
			<figcaption class="quiet">{t(props.pick ? 'chart.drag' : 'chart.each', { what: props.what, step: span(props.step) })}</figcaption>
			<div class="unseen"><table>
				<caption>{props.label}</caption>
				<thead><tr><th scope="col" />{props.series.map((s) => <th key={s.name} scope="col">{s.name}</th>)}</tr></thead>
				<tbody>
					{Array.from({ length: count - first }, (_, k) => first + k).filter((i) => props.series.some((s) => s.values[i])).map((i) => (
						<tr key={i}><th scope="row">{minutes(stamp(props.from + i * props.step))}</th>{props.series.map((s) => <td key={s.name}>{s.values[i]}</td>)}</tr>
					))}
				</tbody>
			</table></div>
		</figure>
	);
}

/* A word for each colour, outside the picture. */
export function Legend(props: { series: { name: string; color: string }[] }) {
	return (
		<ul class="legend" aria-hidden="true">
			{props.series.map((s) => <li key={s.name}><span style={{ background: `var(${s.color})` }} />{s.name}</li>)}
		</ul>
	);
}
