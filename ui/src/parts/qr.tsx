// SPDX-License-Identifier: GPL-3.0-or-later
/* qr.tsx - a text as a QR code, for a device with a camera: always dark on light, with the
 * four modules of margin that cameras want. The encoder is fetched when one is shown. */
import { useEffect, useState } from 'preact/hooks';

const MARGIN = 4;

/* Runs of dark modules, a row after the other, as one path. */
function path(rows: boolean[][]): string {
	let d = '';

	rows.forEach((row, y) => {
		for (let x = 0; x < row.length; x++) {
			const from = x;

			while (row[x])
				x++;
			if (x > from)
				d += `M${from} ${y}h${x - from}v1h${from - x}z`;
		}
	});
	return d;
}

export function Qr(props: { text: string; label: string }) {
	const [is, set] = useState<{ d: string; size: number } | null>(null);

	useEffect(() => {
		let gone = false;

		import('uqr').then(({ encode }) => {
			const { data } = encode(props.text, { ecc: 'M', border: MARGIN });

			if (!gone)
				set({ d: path(data), size: data.length });
		}, () => { /* the key beside it says the same */ });
		return () => { gone = true; };
	}, [props.text]);
	return is && (
		<svg class="qr" viewBox={`0 0 ${is.size} ${is.size}`} role="img" aria-label={props.label} shape-rendering="crispEdges">
			<path d={is.d} />
		</svg>
	);
}
