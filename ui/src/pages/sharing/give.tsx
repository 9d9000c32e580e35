// SPDX-License-Identifier: GPL-3.0-or-later
/* give.tsx - the export for one recipient: what the format can carry, what it would leave
 * out. A refusal names the items, and what could leave instead is offered. */
import { useSignal } from '@preact/signals';
import { asFault, raw, url, useGet, type Fault, type Schema } from '../../api';
import { Field } from '../../parts/form';
import { Icon } from '../../parts/icon';
import { Label } from '../../parts/label';
import { named, save } from '../../parts/save';
import { Said } from '../../parts/subject';
import { toast } from '../../parts/toast';
import { number, t } from '../../text';
import { Refused } from '../incident/export';
import type { Reader, Wish } from '../sharing';

export function Give(props: { w: Schema['who_sees']; who: Reader; wish: Wish }) {
	const { who } = props;
	const formats = useGet('/api/v1/sharing/formats');
	const format = useSignal('stix'), redacted = useSignal(false), busy = useSignal(false), fault = useSignal<Fault | null>(null);
	const carries = props.w.formats.find((f) => f.format === format.value);
	const story = formats.data?.items.find((f) => f.format === format.value)?.story;
	const give = async () => {
		busy.value = true;
		fault.value = null;
		try {
			const r = await raw('GET', url('/api/v1/sharing/export/{format}', { format: format.value },
				{ ...props.wish, contact: who.id, ...(redacted.value ? { redacted: true } : {}) }));

			save(await r.blob(), named(r, 'vedette-' + format.value));
			toast(t('export.done'));
		} catch (e) {
			fault.value = asFault(e);
		}
		busy.value = false;
	};

	return (
		<section class="box form sharing-give">
			<h2>{t('sharing.give')} <Said text={who.name || who.id} /></h2>
			<Field label={t('export.format')}>
				<select value={format.value} onChange={(e) => { format.value = e.currentTarget.value; fault.value = null; }}>
					{props.w.formats.map((f) => <option key={f.format} value={f.format}>{f.title}</option>)}</select></Field>
			<dl class="facts">
				<dt>{t('export.they')}</dt><dd><Label tlp={who.tlp} pap={who.pap} /> {t('export.may', { n: who.may, of: number(who.of) })}</dd>
				{carries && <><dt>{t('export.carries')}</dt><dd><Label tlp={carries.tlp} pap={carries.pap} /> {t('export.may', { n: carries.may, of: number(carries.of) })}</dd></>}
			</dl>
			{story && <details><summary>{t('export.story')}</summary><p>{story}</p></details>}
			<label class="tick"><input type="checkbox" checked={redacted.value} onChange={(e) => { redacted.value = e.currentTarget.checked; fault.value = null; }} />{t('notify.redacted')}</label>
			{fault.value && <Refused fault={fault.value} known={props.w.items} redact={fault.value.status === 403 && !redacted.value ? () => { redacted.value = true; fault.value = null; } : undefined} />}
			<div class="form-end"><button type="button" class="main" disabled={busy.value} onClick={give}><Icon name="download" />{t('report.download')}</button></div>
		</section>
	);
}
