// SPDX-License-Identifier: GPL-3.0-or-later
/* chart.tsx - numbers over time, by uPlot: bars on top of each other or lines.
 *
 *   <Chart label="..." times={[ms,...]} series={[{ name, color: '--sev-high', values }]} stacked />
 *
 * Colours are tokens, so that a change of theme draws anew. What a picture shows a screen
 * reader gets as a table. Dragging picks a time span where `pick` is given. */
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { dark, zone } from '../state';
import { number, short } from '../text';
import { dayMonth, full, hour, stamp } from '../time';

export interface Series { name: string; color: string; values: (number | null)[] }
export interface ChartProps {
	label: string;
	times: number[];	// ms, ascending
	series: Series[];
	stacked?: boolean;	// bars on top of each other, the first below; else lines
	height?: number;
	unit?: string;
	pick?: (from: number, until: number) => void;
}

function sums(series: Series[]): (number | null)[][] {
	const out: (number | null)[][] = [];

	series.forEach((s, i) => out.push(s.values.map((v, k) => (v ?? 0) + (i ? out[i - 1]![k] ?? 0 : 0))));
	return out;
}

export function Chart(props: ChartProps) {
	const box = useRef<HTMLDivElement>(null);
	const tip = useRef<HTMLDivElement>(null);
	const last = useRef(props);

	last.current = props;
	useEffect(() => {
		const host = box.current!, style = getComputedStyle(host);
		const color = (name: string) => style.getPropertyValue(name).trim() || name;
		const stacked = !!props.stacked;
		const data = stacked ? sums(props.series).reverse() : props.series.map((s) => s.values);
		const order = stacked ? [...props.series].reverse() : props.series;
		const quiet = color('--quiet'), line = color('--line');
		const font = `11px ${style.fontFamily}`;
		const spread = (props.times.at(-1) ?? 0) - (props.times[0] ?? 0);
		const step = props.times.length > 1 ? props.times[1]! - props.times[0]! : 3600000;
		const axis = { stroke: quiet, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
		const plot = new uPlot({
			width: Math.max(200, host.clientWidth), height: props.height ?? 160, ms: 1,
			tzDate: (ms) => zone.value === 'utc' ? uPlot.tzDate(new Date(ms), 'Etc/UTC') : new Date(ms),
			cursor: { y: false, points: { show: !stacked }, drag: { x: !!props.pick, y: false, setScale: false } },
			legend: { show: false }, padding: [8, 6, 0, 0],
			scales: {
				x: { time: true, range: (_, min, max) => stacked ? [min - step / 2, max + step / 2] : [min, max] },
				y: { range: (_, __, max) => [0, Math.max(1, max * 1.05)] },
			},
			axes: [
				{ ...axis, grid: { show: false }, size: 24, space: 60, values: (_, ticks) =>
					ticks.map((v) => spread > 2.5 * 86400000 ? dayMonth(stamp(v)) : hour(stamp(v))) },
				{ ...axis, size: 42, space: 28, values: (_, ticks) => ticks.map((v) => v % 1 ? '' : short(v)) },
			],
			series: [{}, ...order.map((s) => stacked
				? { label: s.name, fill: color(s.color), stroke: color(s.color), width: 0, points: { show: false },
				    paths: uPlot.paths.bars!({ size: [0.82, 40], gap: 1 }) }
				: { label: s.name, stroke: color(s.color), width: 1.5, points: { show: false }, spanGaps: false })],
			hooks: {
				setCursor: [(u) => {
					const i = u.cursor.idx, to = tip.current!, p = last.current;

					if (i === null || i === undefined || (u.cursor.left ?? -1) < 0 || p.times[i] === undefined) {
						to.hidden = true;
						return;
					}
					const lines = p.series.filter((s) => s.values[i]).reverse()
						.map((s) => `${s.name}  ${number(s.values[i] ?? 0)}${p.unit ? ' ' + p.unit : ''}`);
					to.hidden = false;
					to.textContent = [full(stamp(p.times[i]!)), ...lines].join('\n');
					const x = u.valToPos(p.times[i]!, 'x') + 42;
					to.style.left = `${Math.min(Math.max(0, x - to.offsetWidth / 2), host.clientWidth - to.offsetWidth)}px`;
				}],
				setSelect: [(u) => {
					if (u.select.width > 4)
						last.current.pick?.(u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x'));
					u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
				}],
			},
		}, [props.times, ...data] as uPlot.AlignedData, host);
		const observer = new ResizeObserver(() => plot.setSize({ width: Math.max(200, host.clientWidth), height: props.height ?? 160 }));

		observer.observe(host);
		return () => { observer.disconnect(); plot.destroy(); };
	}, [props.times, props.series, props.stacked, dark.value, zone.value]);
	return (
		<figure class="chart" aria-label={props.label}>
			<div class="chart-box" ref={box} aria-hidden="true"><div class="chart-tip" ref={tip} hidden /></div>
			<div class="unseen"><table>
				<caption>{props.label}</caption>
				<thead><tr><th scope="col" />{props.series.map((s) => <th key={s.name} scope="col">{s.name}</th>)}</tr></thead>
				<tbody>
					{props.times.slice(-60).map((ms, k) => {
						const i = Math.max(0, props.times.length - 60) + k;
						return props.series.some((s) => s.values[i])
							? <tr key={ms}><th scope="row">{full(stamp(ms))}</th>{props.series.map((s) => <td key={s.name}>{s.values[i] ?? 0}</td>)}</tr>
							: null;
					})}
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
