// SPDX-License-Identifier: GPL-3.0-or-later
/* finding-evidence.tsx - the messages (of a zone: the sets of records) that a finding rests
 * on; the chosen one field by field, its octets beside. */
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { useList, type Schema } from '../api';
import { Bytes, fromHex, type ByteField } from '../parts/bytes';
import { partName, partText } from '../parts/decoded';
import { Empty } from '../parts/empty';
import { FaultView } from '../parts/fault';
import { Skeleton } from '../parts/loading';
import { Name, visible } from '../parts/subject';
import { Time } from '../parts/when';
import { locale, number, t } from '../text';
import type { Whole } from './finding';

type Message = Schema['message'];

/* The question, or the first record of a set: what a reader looks for in a row. */
function gist(m: Message): string {
	const first = m.parts.find((p) => p.depth === 0 && /^(question|answer|authority|record|additional)( \d+)?$/.test(p.name));

	return first?.text ?? m.parts[0]?.text ?? '';
}
const fields = (m: Message): ByteField[] => m.parts.map((p) => ({ name: partName(p.name), text: partText(p.name, p.text), from: p.at, until: p.at + p.length, depth: p.depth }));
const host = (address: string, port: number) => address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function Chosen(props: { m: Message; n: number }) {
	const { m } = props;
	const octets = useMemo(() => fromHex(m.octets), [m]);
	const parts = useMemo(() => fields(m), [m, locale()]);

	return (
		<div class="message">
			<div class="line quiet">
				{m.from && m.to && <span><Name text={host(m.from, m.from_port)} /> → <Name text={host(m.to, m.to_port)} /></span>}
				<span>{m.transport.toUpperCase()}</span>
				<Time at={m.time} as="full" />
				{m.full > octets.length && <span class="chip chip-due">{t('evidence.cut', { n: octets.length, all: m.full })}</span>}
				{m.error && <span class="chip chip-bad">{visible(m.error)}</span>}
				{m.left_out > 0 && <span>{t('evidence.left-out', { n: m.left_out })}</span>}
			</div>
			<Bytes octets={octets} fields={parts} label={t('evidence.message', { n: String(props.n) })} />
		</div>
	);
}

export function Evidence(props: { id: string; f: Whole }) {
	const list = useList<'/api/v1/findings/{id}/evidence', Message>('/api/v1/findings/{id}/evidence', { path: { id: props.id }, query: { limit: 20 } as never });
	const at = useSignal(0);
	const kept = props.f.evidence_kept, all = props.f.evidence_all;
	const missing = (list.first?.missing as string[] | undefined)?.length ?? 0;

	useEffect(() => { at.value = 0; }, [props.id]);
	const message = list.data?.[at.value];
	return (
		<section class="box evidence">
			<div class="box-head">
				<h2>{t('evidence.title')}</h2>
				{kept > 0 && <span class="quiet">{t('evidence.kept', { kept, all: Math.max(all, kept) })}</span>}
			</div>
			{list.fault ? <FaultView fault={list.fault} again={list.again} />
				: !list.data ? list.slow && <Skeleton rows={6} />
				: !list.data.length ? <Empty title={t('evidence.none')} text={missing ? t('evidence.missing', { n: missing }) : t('evidence.none.help')} />
				: (
					<>
						<div class="messages" role="listbox" aria-label={t('evidence.title')} tabIndex={0}
							onKeyDown={(e) => {
								const to = e.key === 'ArrowDown' ? at.value + 1 : e.key === 'ArrowUp' ? at.value - 1 : -1;
								if (to < 0 || to >= list.data!.length)
									return;
								e.preventDefault();
								at.value = to;
								e.currentTarget.children[to]?.scrollIntoView({ block: 'nearest' });
							}}>
							{list.data.map((m, i) => (
								<div key={m.hash} role="option" aria-selected={i === at.value} class="message-row" onClick={() => { at.value = i; }}>
									<span class="quiet number">{number(i + 1)}</span>
									<Time at={m.time} as="seconds" />
									<span class="message-way">{m.from && m.to ? <><Name text={m.from} /> → <Name text={m.to} /></> : t('evidence.records')}</span>
									<span class="message-gist name">{visible(gist(m))}</span>
									<span class="quiet number">{t('bytes.octets', { n: m.full })}</span>
								</div>
							))}
						</div>
						{!list.end && <button type="button" class="plain" onClick={list.more}>{t('evidence.more')}</button>}
						{message && <Chosen m={message} n={at.value + 1} key={message.hash} />}
					</>
				)}
		</section>
	);
}
