// SPDX-License-Identifier: GPL-3.0-or-later
/* secret.tsx - something that is shown once: a one-time password, a token. It is nowhere
 * else, so it stays until it is closed, and can be copied. */
import { useSignal } from '@preact/signals';
import { Dialog } from '../../parts/dialog';
import { Icon } from '../../parts/icon';
import { t } from '../../text';

export function Secret(props: { title: string; help: string; text: string; close: () => void }) {
	const copied = useSignal(false);
	const copy = () => navigator.clipboard?.writeText(props.text).then(() => { copied.value = true; }, () => { /* it can be selected */ });

	return (
		<Dialog open close={props.close} title={props.title}>
			<p>{props.help}</p>
			<div class="secret"><input class="mono" readOnly value={props.text} aria-label={props.title} autofocus onFocus={(e) => e.currentTarget.select()} />
				<button type="button" onClick={copy}><Icon name={copied.value ? 'check' : 'copy'} />{t(copied.value ? 'settings.copied' : 'settings.copy')}</button></div>
			<div class="form-end"><button type="button" class="main" onClick={props.close}>{t('settings.kept')}</button></div>
		</Dialog>
	);
}
