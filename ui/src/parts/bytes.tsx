// SPDX-License-Identifier: GPL-3.0-or-later
/* bytes.tsx - octets and what they mean, side by side. What is pointed at (or focused) on
 * one side lights up on the other.
 *
 *   ID            0xbfe8     | 0000  bf e8 01 00 00 01 00 00  ........
 *   > Question               | 0008  00 00 00 01 05 ...
 *
 * Fields are in order, may hold others (depth), and name the octets [from, until). */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { t } from '../text';
import { visible } from './subject';

export interface ByteField { name: string; text: string; from: number; until: number; depth: number; note?: string }
export interface BytesProps { octets: Uint8Array; fields: ByteField[]; label: string }

export function fromHex(hex: string): Uint8Array {
	const out = new Uint8Array(hex.length >> 1);

	for (let i = 0; i < out.length; i++)
		out[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
	return out;
}
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0');
const shown = (b: number) => b > 32 && b < 127 ? String.fromCharCode(b) : '·';

export function Bytes(props: BytesProps) {
	const at = useSignal(-1), held = useSignal(-1);
	const is = at.value >= 0 ? at.value : held.value;
	const lit = props.fields[is];
	/* the innermost field of each octet */
	const inner = useMemo(() => {
		const of = new Int32Array(props.octets.length).fill(-1);

		props.fields.forEach((f, i) => {
			for (let k = f.from; k < f.until && k < of.length; k++)
				if (of[k]! < 0 || props.fields[of[k]!]!.depth <= f.depth)
					of[k] = i;
		});
		return of;
	}, [props.fields, props.octets]);
	const rows = Math.ceil(props.octets.length / 16);
	const on = (i: number) => lit && i >= lit.from && i < lit.until ? 'lit' : '';

	return (
		<div class="bytes">
			<div class="bytes-fields" role="group" aria-label={t('bytes.fields', { what: props.label })}
				onPointerLeave={() => { at.value = -1; }}>
				{props.fields.map((f, i) => (
					<button type="button" key={i} class={`byte-field ${i === is ? 'lit' : ''}`} aria-pressed={held.value === i}
						style={{ paddingLeft: `${0.5 + f.depth * 0.9}rem` }}
						onPointerEnter={() => { at.value = i; }} onFocus={() => { at.value = i; }} onBlur={() => { at.value = -1; }}
						onClick={() => { held.value = held.value === i ? -1 : i; }}>
						<span class="byte-name" style={{ flexBasis: `${8.5 - f.depth * 0.9}rem` }}>{f.name}</span>
						<span class="byte-text">{visible(f.text)}{f.note && <span class="quiet"> {f.note}</span>}</span>
					</button>
				))}
			</div>
			<div class="bytes-hex" tabIndex={0} role="group" aria-label={t('bytes.octets', { n: props.octets.length })}
				onPointerLeave={() => { at.value = -1; }}>
				{Array.from({ length: rows }, (_, r) => (
					<div class="hex-row" key={r}>
						<span class="hex-at">{hex(r * 16, 4)}</span>
						<span class="hex-octets">
							{Array.from(props.octets.subarray(r * 16, r * 16 + 16), (b, k) => {
								const i = r * 16 + k;
								return <span key={k} class={on(i)} onPointerEnter={() => { at.value = inner[i]!; }}
									onClick={() => { held.value = inner[i]!; }}>{hex(b, 2)}</span>;
							})}
						</span>
						<span class="hex-text" aria-hidden="true">
							{Array.from(props.octets.subarray(r * 16, r * 16 + 16), (b, k) =>
								<span key={k} class={on(r * 16 + k)}>{shown(b)}</span>)}
						</span>
					</div>
				))}
			</div>
		</div>
	);
}
