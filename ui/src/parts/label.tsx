// SPDX-License-Identifier: GPL-3.0-or-later
/* label.tsx - a marking: TLP 2.0 in the standard's colours, PAP quietly beside it. */
import { t } from '../text';

export function Label(props: { tlp: string; pap?: string }) {
	const text = props.tlp.startsWith('TLP:') ? props.tlp : 'TLP:' + props.tlp;
	const kind = text.slice(4).replace('+STRICT', '').toLowerCase();

	return (
		<span class="label" title={t('label.help', { label: text })}>
			<span class={`tlp tlp-${kind}`}>{text}</span>
			{props.pap && <span class="pap">{props.pap}</span>}
		</span>
	);
}
