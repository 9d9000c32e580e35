// SPDX-License-Identifier: GPL-3.0-or-later
/* log.tsx - what was refused and what left, out of the desk's log, the latest first. */
import { useList, type Schema } from '../../api';
import { useLive } from '../../live';
import { Empty } from '../../parts/empty';
import { FaultView } from '../../parts/fault';
import { Label } from '../../parts/label';
import { Skeleton } from '../../parts/loading';
import { Name } from '../../parts/subject';
import { Time } from '../../parts/when';
import { t, word } from '../../text';

interface Left { kind: string; id: string; tlp: string; pap: string }
const text = (is: unknown) => typeof is === 'string' ? is : '';

function Entry(props: { e: Schema['event'] }) {
	const b = props.e.body as Record<string, unknown>;
	const items = Array.isArray(b.items) ? b.items as (Left | string)[] : [];

	return (
		<li class="sharing-event">
			<Time at={props.e.at} />
			<Name text={props.e.author} />
			<div class="stack-tight">
				<span class="line"><strong>{t('sharing.items', { n: Number(b.count ?? items.length) })}</strong>{t('sharing.for')} <Name text={text(b.audience) || '–'} />
					{text(b.format) && <span class="chip">{text(b.format)}</span>}{text(b.tlp) && <Label tlp={text(b.tlp)} pap={text(b.pap)} />}</span>
				{items.length > 0 && (
					<details><summary>{t('sharing.which')}</summary>
						<ul class="refused-items">{items.map((i) => typeof i === 'string' ? <li key={i}><Name text={i} /></li>
							: <li key={i.kind + i.id} class="line">{word('item', i.kind)} <Name text={i.id.slice(0, 16)} /> <Label tlp={i.tlp} pap={i.pap} /></li>)}</ul></details>
				)}
				{text(b.document) && <span class="quiet">SHA-256 <Name text={text(b.document).slice(0, 16) + '…'} /></span>}
			</div>
		</li>
	);
}

export function Log(props: { refused?: boolean }) {
	const list = useList(props.refused ? '/api/v1/sharing/refusals' : '/api/v1/sharing/exports', { query: { latest: true, limit: 100 } });

	useLive((e) => e.kind.startsWith('gate.'), list.again, 1500);
	if (list.fault)
		return <FaultView fault={list.fault} again={list.again} />;
	if (!list.data)
		return list.slow ? <Skeleton rows={8} /> : null;
	if (!list.data.length)
		return <Empty title={t(props.refused ? 'sharing.refused.none' : 'sharing.left.none')} text={t(props.refused ? 'sharing.refused.help' : 'sharing.left.help')} />;
	return (
		<section class="box">
			<ol class="entries">{list.data.map((e) => <Entry key={e.number} e={e} />)}</ol>
			{!list.end && <button type="button" class="plain" onClick={list.more}>{t('sharing.earlier')}</button>}
		</section>
	);
}
