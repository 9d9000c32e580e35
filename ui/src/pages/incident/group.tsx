// SPDX-License-Identifier: GPL-3.0-or-later
/* group.tsx - "these findings would be these incidents": shown first, then made. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { send, sentence, type Schema } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Empty } from '../../parts/empty';
import { Field } from '../../parts/form';
import { Label } from '../../parts/label';
import { Skeleton } from '../../parts/loading';
import { Severity, severities, SeverityShape } from '../../parts/severity';
import { Name, Said } from '../../parts/subject';
import { Table } from '../../parts/table';
import { toast } from '../../parts/toast';
import { number, t } from '../../text';
import { ClockSets, Options } from './parts';

type Told = Schema['grouping'];
interface Asked { severity?: string; gap_days?: number; hub?: number; clocks?: string }

function Sums(props: { is: Told }) {
	const all = props.is.all;

	return (
		<p>{t('group.would', { n: props.is.opened })} {t('group.joins', { n: props.is.joined })}
			{all && <span class="quiet"> {t('group.of', { n: all.findings })} {t('group.left', { muted: number(all.muted), slight: number(all.slight), out: number(all.taken_out) })}</span>}
			{all && all.hubs.length > 0 && <span class="quiet"> {t('group.hubs')} {all.hubs.map((h, i) => <span key={i}>{i ? ', ' : ''}<Name text={h.name} /> ({number(h.subjects)})</span>)}</span>}
		</p>
	);
}

function Ask(props: { asked: Asked; change: (a: Asked) => void }) {
	const put = (more: Asked) => props.change({ ...props.asked, ...more });

	return (
		<div class="pair pair-four">
			<Field label={t('group.severity')}><select value={props.asked.severity ?? 'low'} onChange={(e) => put({ severity: e.currentTarget.value })}>
				<Options words="severity" of={[...severities]} /></select></Field>
			<Field label={t('group.gap')}><input type="number" min="1" max="3650" placeholder="7" onChange={(e) => put({ gap_days: Number(e.currentTarget.value) || undefined })} /></Field>
			<Field label={t('group.hub')}><input type="number" min="2" placeholder="100" onChange={(e) => put({ hub: Number(e.currentTarget.value) || undefined })} /></Field>
			<Field label={t('incidents.clocks')}><input list="group-clocks" autocomplete="off" onChange={(e) => put({ clocks: e.currentTarget.value.trim() || undefined })} /></Field>
			<ClockSets id="group-clocks" />
		</div>
	);
}

function Inside(props: { close: () => void }) {
	const asked = useSignal<Asked>({});
	const told = useSignal<Told | null>(null);
	const fault = useSignal('');
	const busy = useSignal(false);
	const run = async (dry_run: boolean) => {
		busy.value = true;
		fault.value = '';
		try {
			const group = () => send('POST', '/api/v1/incidents/group', { body: { ...asked.value, dry_run } as never });
			let is = await group(), opened = is.opened;

			if (dry_run) {
				told.value = is;
			} else {
				for (; is.left > 0 && is.opened + is.joined > 0; opened += is.opened)
					is = await group();
				toast(t('group.done', { n: opened }));
				props.close();
			}
		} catch (e) {
			fault.value = sentence(e);
		}
		busy.value = false;
	};
	const is = told.value;

	useEffect(() => { run(true); }, [JSON.stringify(asked.value)]);
	return (
		<>
			<Ask asked={asked.value} change={(a) => { asked.value = a; }} />
			{fault.value && <p class="form-fault" role="alert" dir="auto">{fault.value}</p>}
			{!is ? <Skeleton rows={4} /> : (
				<div class="stack" aria-live="polite">
					<Sums is={is} />
					{is.left > 0 && <p class="quiet">{t('group.more', { n: is.left })}</p>}
					{is.incidents.length === 0 ? <Empty title={t('group.none')} text={t('group.none.help')} /> : (
						<div class="group-list" tabIndex={0} role="group" aria-label={t('group.label')}>
							<Table label={t('group.label')} rows={is.incidents} id={(g) => String(g.number)}
								card={(g) => <div class="row-card"><div class="line"><SeverityShape is={g.severity} /><strong><Said text={g.title} /></strong></div><div class="quiet"><Said text={g.reason} /></div>
									<div class="line quiet"><span>{g.opened ? t('group.new') : t('group.joins.one', { number: String(g.number) })}</span><span>{t('group.findings', { n: g.findings })}</span><Label tlp={g.tlp} /></div></div>}
								columns={[
								{ name: 'what', head: t('group.what'), cell: (g) => g.opened ? t('group.new') : t('group.joins.one', { number: String(g.number) }) },
								{ name: 'severity', head: t('incidents.severity'), cell: (g) => <Severity is={g.severity} /> },
								{ name: 'title', head: t('incidents.title'), cell: (g) => <><Said text={g.title} /><br /><span class="quiet"><Said text={g.reason} /></span></> },
								{ name: 'findings', head: t('incidents.findings'), number: true, cell: (g) => number(g.findings) },
								{ name: 'tlp', head: 'TLP', cell: (g) => <Label tlp={g.tlp} /> },
							]} />
						</div>
					)}
				</div>
			)}
			<div class="form-end">
				<button type="button" class="main" disabled={busy.value || !is || is.opened + is.joined === 0} onClick={() => run(false)}>
					{t('group.go', { n: (is?.opened ?? 0) + (is?.joined ?? 0) })}</button>
				<button type="button" onClick={props.close}>{t('cancel')}</button>
			</div>
		</>
	);
}

export function Grouping(props: { open: boolean; close: () => void }) {
	return <Dialog wide open={props.open} close={props.close} title={t('group.title')}><Inside close={props.close} /></Dialog>;
}
