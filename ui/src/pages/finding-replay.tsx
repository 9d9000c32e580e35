// SPDX-License-Identifier: GPL-3.0-or-later
/* finding-replay.tsx - judging a finding again: by the server, from its evidence alone, in a
 * locked-up process; and by anybody else, from its pack. */
import { useEffect, useState } from 'preact/hooks';
import { asFault, send, type Fault, type Schema } from '../api';
import { FaultView } from '../parts/fault';
import { Skeleton } from '../parts/loading';
import { Said } from '../parts/subject';
import { t, word } from '../text';

type Verdict = Schema['replay'];

/* "rule     tunnel.data, version 3" */
function Line(props: { text: string }) {
	const [, head, rest] = /^(\S*) *([^]*)$/.exec(props.text)!;
	const named = word('replay.line', head!);

	return <><dt>{named === head ? word('kind', head) : named}</dt><dd><Said text={rest!} /></dd></>;
}

export function Replay(props: { id: string }) {
	const [got, set] = useState<{ is?: Verdict; fault?: Fault }>({});
	const [turn, again] = useState(0);

	useEffect(() => {
		let gone = false;

		set({});
		send('POST', '/api/v1/findings/{id}/replay', { path: { id: props.id } }).then(
			(is) => { if (!gone) set({ is }); },
			(e) => { if (!gone) set({ fault: asFault(e) }); });
		return () => { gone = true; };
	}, [props.id, turn]);
	const { is, fault } = got;
	const good = is?.verdict === 'same';

	return (
		<div class="stack" aria-live="polite">
			{fault ? <FaultView fault={fault} again={() => again((n) => n + 1)} />
				: !is ? <><p class="quiet">{t('replay.busy')}</p><Skeleton rows={3} /></>
				: (
					<>
						<p><span class={`chip ${good ? 'chip-good' : 'chip-bad'}`}>{good ? t('replay.same') : is.verdict === 'differs' ? t('replay.differs') : t('replay.other')}</span></p>
						<p>{good ? t('replay.same.help') : is.verdict === 'differs' ? t('replay.differs.help') : ''}</p>
						{is.lines.length > 0 && <dl class="facts replay-lines">{is.lines.map((l, i) => <Line key={i} text={l} />)}</dl>}
					</>
				)}
			<p class="quiet">{t('replay.pack')}</p>
			<pre><code>vedette replay {props.id.slice(0, 12)}.vedette</code></pre>
		</div>
	);
}
