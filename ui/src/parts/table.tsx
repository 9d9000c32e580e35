// SPDX-License-Identifier: GPL-3.0-or-later
/* table.tsx - rows by the thousand: a real table of which only the rows in sight exist.
 *
 *   +--------------------------+      j k, arrows   move        Enter    opens
 *   | head, stays              |      Home End      first, last x Space  select
 *   | (space of rows above)    |      Shift+click   a range
 *   | rows in sight, +8 beyond |
 *   | (space of rows below)    |      `more` is called near the end
 *   +--------------------------+
 *
 * Every row is as high as the others (--row). On narrow screens `card` draws the whole row
 * in one cell. The table is its own scroller when `fill` is set; else it shows all rows. Who
 * comes back to it finds it scrolled as it was, whoever asks for something else its top. */
import { useSignal, type Signal } from '@preact/signals';
import { Component, type ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useKeys } from '../keys';
import { go, memory, place } from '../router';
import { narrow } from '../state';
import { t } from '../text';

export interface Column<R> {
	name: string;
	head: string;
	help?: string;			// on hover of the head
	cell: (row: R) => ComponentChildren;
	width?: string;			// of the column: "9rem"; none = what is left
	number?: boolean;		// to the right
	hide?: 'medium' | 'wide';	// left out under 1100 px / under 1500 px
	sort?: string;			// its name for `sort`
}
export interface TableProps<R> {
	label: string;
	rows: readonly R[];
	columns: Column<R>[];
	id: (row: R) => string;
	href?: (row: R) => string;
	open?: (row: R) => void;	// instead of href
	card?: (row: R) => ComponentChildren;
	selected?: Signal<ReadonlySet<string>>;
	total?: number;			// of all rows, when known
	more?: () => void;
	sort?: { by: string; down: boolean; change: (by: string) => void };
	fill?: boolean;
	keys?: boolean;			// j, k and others reach it from anywhere; one table a page
	severity?: (row: R) => string;	// a line in its colour before the row
}

const BEYOND = 8;

/* A row is drawn again when it itself changed, not when the table is scrolled. */
interface RowProps<R> {
	table: TableProps<R>;
	r: R;
	i: number;
	picked: boolean | undefined;
	here: boolean;
	reached: boolean;	// by Tab
	cards: boolean;
	enter: (i: number) => void;
	click: (e: MouseEvent, i: number) => void;
	toggle: (i: number, range: boolean) => void;
}
class Row<R> extends Component<RowProps<R>> {
	override shouldComponentUpdate(next: RowProps<R>): boolean {
		const is = this.props;

		return next.r !== is.r || next.i !== is.i || next.picked !== is.picked || next.here !== is.here ||
			next.reached !== is.reached || next.cards !== is.cards || next.table.columns !== is.table.columns;
	}
	override render() {
		const { table, r, i, picked, here, reached, cards } = this.props;

		return (
			<tr data-at={i} aria-rowindex={table.fill ? i + 2 : undefined}
				tabIndex={table.href || table.open || table.selected ? (reached ? 0 : -1) : undefined}
				class={`${here ? 'at' : ''} ${picked ? 'picked' : ''} ${table.severity ? 'edge edge-' + table.severity(r) : ''}`}
				aria-selected={table.selected ? picked : undefined}
				onFocus={(e) => { if (e.target === e.currentTarget) this.props.enter(i); }} onClick={(e) => this.props.click(e, i)}>
				{table.selected && (
					<td class="pick">
						<input type="checkbox" tabIndex={-1} checked={picked} aria-label={t('table.pick')}
							onClick={(e) => { e.stopPropagation(); this.props.toggle(i, e.shiftKey); }} />
					</td>
				)}
				{cards ? <td class="card">{table.card!(r)}</td>
					: table.columns.map((c) => (
						<td key={c.name} class={`${c.number ? 'number' : ''} ${c.hide ? 'hide-' + c.hide : ''}`}>{c.cell(r)}</td>
					))}
			</tr>
		);
	}
}

/* What is asked for; a dialog that stands in the address asks for nothing else. */
function asked(): string {
	const q = new URLSearchParams(place.value.query);

	q.delete('do');
	return q.toString();
}

export function Table<R>(props: TableProps<R>) {
	const scroller = useRef<HTMLDivElement>(null);
	const top = useSignal(0), height = useSignal(800), row = useSignal(30);
	const at = useSignal(-1), back = useRef(0);
	const anchor = useRef(-1);
	const wanted = useRef(false);
	const cards = narrow.value && !!props.card;
	const { rows } = props;
	const sight = Math.ceil(height.value / row.value);
	const first = Math.min(Math.floor(top.value / row.value), Math.max(0, rows.length - sight));
	const from = props.fill ? Math.max(0, first - BEYOND) : 0;
	const name = 'table ' + props.label, wish = asked();
	const until = props.fill ? Math.min(rows.length, first + sight + 1 + BEYOND) : rows.length;

	useLayoutEffect(() => {
		const s = scroller.current!;
		const measure = () => {
			height.value = s.clientHeight;
			row.value = parseFloat(getComputedStyle(s).getPropertyValue(cards ? '--card' : '--row')) *
				parseFloat(getComputedStyle(document.documentElement).fontSize) || 30;
		};
		const observer = new ResizeObserver(measure);

		measure();
		observer.observe(s);
		return () => observer.disconnect();
	}, [cards]);
	useLayoutEffect(() => {	// something else is asked for: from its top, or where one was
		if (!props.fill)
			return;
		const was = memory().get(name) as { top: number; at: number } | undefined;
		const timer = setTimeout(() => { back.current = 0; }, 2000);

		back.current = was?.top ?? 0;
		scroller.current!.scrollTop = top.value = back.current;
		at.value = was?.at ?? -1;
		anchor.current = -1;
		return () => clearTimeout(timer);
	}, [wish]);
	useLayoutEffect(() => {	// once there are so many rows
		if (back.current && rows.length * row.value > back.current) {
			scroller.current!.scrollTop = top.value = back.current;
			back.current = 0;
		}
	});
	useEffect(() => {
		if (props.fill)
			memory().set(name, { top: top.value, at: at.value });
	}, [top.value, at.value]);
	useEffect(() => {	// near the end: the next page
		if (props.fill && props.more && until >= rows.length - 20)
			props.more();
	});
	useLayoutEffect(() => {	// the row that was moved to gets the focus once it exists
		if (!wanted.current)
			return;
		const is = scroller.current!.querySelector<HTMLElement>(`tr[data-at="${at.value}"]`);

		if (is) {
			wanted.current = false;
			is.focus({ preventScroll: true });
		}
	});

	const move = (to: number) => {
		const s = scroller.current!, n = Math.max(0, Math.min(rows.length - 1, to));
		const y = n * row.value, head = s.querySelector('thead')?.clientHeight ?? 0;

		if (!rows.length)
			return;
		if (props.fill && y < s.scrollTop)
			s.scrollTop = y;
		else if (props.fill && y + row.value > s.scrollTop + s.clientHeight - head)
			s.scrollTop = y + row.value - s.clientHeight + head;
		wanted.current = true;
		at.value = n;
		top.value = s.scrollTop;
	};
	const open = (r: R | undefined) => {
		if (r && props.open)
			props.open(r);
		else if (r && props.href)
			go(props.href(r));
	};
	const toggle = (i: number, range: boolean) => {
		const sel = props.selected, r = rows[i];

		if (!sel || !r)
			return;
		const next = new Set(sel.value);
		if (range && anchor.current >= 0) {
			for (let k = Math.min(anchor.current, i); k <= Math.max(anchor.current, i); k++)
				next.add(props.id(rows[k]!));
		} else if (!next.delete(props.id(r))) {
			next.add(props.id(r));
		}
		anchor.current = i;
		sel.value = next;
	};
	const page = () => Math.max(1, Math.floor(height.value / row.value) - 2);
	useKeys(props.keys ? [
		{ keys: 'j', help: 'keys.down', run: () => move(at.value + 1) },
		{ keys: 'k', help: 'keys.up', run: () => move(at.value - 1) },
		{ keys: 'g g', help: 'keys.top', run: () => move(0) },
		{ keys: 'G', help: 'keys.end', run: () => move(rows.length - 1) },
		...(props.selected ? [{ keys: 'x', help: 'keys.select' as const, run: () => toggle(at.value, false) }] : []),
	] : []);
	const onKey = (e: KeyboardEvent) => {
		const to: Record<string, number> = { ArrowDown: at.value + 1, ArrowUp: at.value - 1, Home: 0,
			End: rows.length - 1, PageDown: at.value + page(), PageUp: at.value - page() };

		if ((e.target as Element).tagName !== 'TR' || e.ctrlKey || e.altKey || e.metaKey)
			return;
		if (e.key in to)
			move(to[e.key]!);
		else if (e.key === 'Enter')
			open(rows[at.value]);
		else if (e.key === ' ' && props.selected)
			toggle(at.value, e.shiftKey);
		else
			return;
		e.preventDefault();
	};
	const click = (e: MouseEvent, i: number) => {
		const on = e.target as Element;

		at.value = i;
		if (on.closest('a,button,input,label,summary'))
			return;
		if (e.shiftKey && props.selected)
			toggle(i, true);
		else if (!getSelection()?.toString())
			open(rows[i]);
	};
	const enter = (i: number) => { at.value = i; };
	const columns = cards ? [] : props.columns;
	const all = rows.length > 0 && rows.every((r) => props.selected?.value.has(props.id(r)));
	return (
		<div class={`table-box ${props.fill ? 'fill' : ''}`} ref={scroller} onKeyDown={onKey}
			onScroll={() => { top.value = scroller.current!.scrollTop; }}>
			<table class={`table ${cards ? 'cards' : ''} ${props.href || props.open ? 'opens' : ''}`} aria-label={props.label}
				aria-rowcount={props.fill ? (props.total ?? rows.length) + 1 : undefined}>
				<colgroup>
					{props.selected && <col style={{ width: '2.5rem' }} />}
					{cards ? <col /> : columns.map((c) => <col key={c.name} class={c.hide ? 'hide-' + c.hide : undefined} style={c.width ? { width: c.width } : undefined} />)}
				</colgroup>
				<thead class={cards ? 'unseen' : undefined}>
					<tr>
						{props.selected && (
							<th class="pick" scope="col">
								<input type="checkbox" aria-label={t('table.all')} checked={all}
									onChange={() => { props.selected!.value = all ? new Set() : new Set(rows.map(props.id)); }} />
							</th>
						)}
						{cards && <th scope="col">{props.label}</th>}
						{columns.map((c) => (
							<th key={c.name} scope="col" title={c.help} class={`${c.number ? 'number' : ''} ${c.hide ? 'hide-' + c.hide : ''}`}
								aria-sort={props.sort && c.sort ? props.sort.by === c.sort ? props.sort.down ? 'descending' : 'ascending' : 'none' : undefined}>
								{props.sort && c.sort
									? <button type="button" class="sort" onClick={() => props.sort!.change(c.sort!)}>
										{c.head}<span aria-hidden="true">{props.sort.by === c.sort ? props.sort.down ? ' ↓' : ' ↑' : ''}</span>
									</button>
									: c.head}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{from > 0 && <tr aria-hidden="true" class="space"><td style={{ height: `${from * row.value}px` }} /></tr>}
					{rows.slice(from, until).map((r, k) => {
						const i = from + k, id = props.id(r);

						return <Row key={id} table={props} r={r} i={i} picked={props.selected?.value.has(id)} here={i === at.value}
							reached={i === Math.max(at.value, 0)} cards={cards} enter={enter} click={click} toggle={toggle} />;
					})}
					{until < rows.length && <tr aria-hidden="true" class="space"><td style={{ height: `${(rows.length - until) * row.value}px` }} /></tr>}
				</tbody>
			</table>
		</div>
	);
}
