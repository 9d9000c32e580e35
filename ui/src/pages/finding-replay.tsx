// SPDX-License-Identifier: GPL-3.0-or-later
/* finding-replay.tsx - judging a finding again, by anybody: from its pack, offline. */
import { t } from '../text';

export function Replay(props: { id: string }) {
	return (
		<div class="stack">
			<p>{t('replay.pack')}</p>
			<pre><code>vedette replay {props.id.slice(0, 12)}.vedette</code></pre>
		</div>
	);
}
