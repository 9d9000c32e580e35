// SPDX-License-Identifier: GPL-3.0-or-later
/* loading.tsx - grey lines where something will be. Shown after 150 ms only (useGet says
 * `slow`), so that what is fast does not flicker. */
import { t } from '../text';

export function Skeleton(props: { rows?: number }) {
	return (
		<div class="skeleton" role="status" aria-label={t('loading')}>
			{Array.from({ length: props.rows ?? 5 }, (_, i) => <span key={i} aria-hidden="true" />)}
		</div>
	);
}
