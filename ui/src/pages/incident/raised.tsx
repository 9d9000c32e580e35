// SPDX-License-Identifier: GPL-3.0-or-later
/* raised.tsx - something makes an incident stricter: from what to what, and who is left out
 * by that. Said before a note is written, and after any change that did it. */
import type { Schema } from '../../api';
import { Icon } from '../../parts/icon';
import { Label } from '../../parts/label';
import { Name } from '../../parts/subject';
import { rich, t } from '../../text';

export type Raised = Schema['raised'];
const label = (m: Raised['from']) => `${m.tlp} ${m.pap}`;

export const raisedText = (is: Raised): string =>
	t('raised.done', { from: label(is.from), to: label(is.to) }) + (is.no_mail ? ' ' + t('raised.mail') : '');

/* Of several incidents: which, the first five by number. */
export const stricterText = (all: Schema['stricter'][]): string =>
	t('raised.several', { n: all.length, numbers: all.slice(0, 5).map((i) => i.number).join(', ') + (all.length > 5 ? ', …' : '') });

function Left(props: { title: string; of: readonly string[] }) {
	return props.of.length ? <p class="quiet">{props.title} {props.of.map((who, i) => <span key={who}>{i ? ', ' : ''}<Name text={who} /></span>)}</p> : null;
}

export function WouldRaise(props: { is: Raised; apart: boolean; choose: (apart: boolean) => void }) {
	const { is } = props;

	return (
		<fieldset class="withheld raises">
			<legend class="unseen">{t('raised.legend')}</legend>
			<Icon name="lock" />
			<div class="stack-tight">
				<strong class="line">{rich('raised.would', { from: <Label tlp={is.from.tlp} pap={is.from.pap} />, to: <Label tlp={is.to.tlp} pap={is.to.pap} /> })}</strong>
				{is.no_mail && <p>{t('raised.mail')}</p>}
				<Left title={t('raised.contacts')} of={is.contacts} />
				<Left title={t('raised.people')} of={is.people} />
				<label class="tick"><input type="radio" name="apart" checked={props.apart} onChange={() => props.choose(true)} />{t('raised.apart')}</label>
				<label class="tick"><input type="radio" name="apart" checked={!props.apart} onChange={() => props.choose(false)} />{t('raised.raise')}</label>
			</div>
		</fieldset>
	);
}
