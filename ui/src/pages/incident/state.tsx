// SPDX-License-Identifier: GPL-3.0-or-later
/* state.tsx - another state, with the reason where one is wanted; a false alarm may become a
 * mute, which says what it would hide and until when. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { useGet } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Field, Form } from '../../parts/form';
import { Said } from '../../parts/subject';
import { may } from '../../state';
import { t, word } from '../../text';
import { inDays } from '../../time';
import { useChange } from './change';
import { openStates, Options } from './parts';


/* What comes next as a rule: the first state that may follow and is further on. */
function forward(from: string, may: readonly string[]): string {
	const steps: readonly string[] = openStates;

	return may.find((m) => steps.indexOf(m) > steps.indexOf(from)) ?? may[0] ?? '';
}

export function StateDialog(props: { number: number; state?: string; close: () => void; done?: () => void }) {
	const { number } = props;
	const is = useGet('/api/v1/incidents/{number}', { path: { number } });
	const to = useSignal(props.state ?? '');
	const mutes = useSignal(false);
	const choice = useRef<HTMLSelectElement>(null);
	const change = useChange(number, () => props.done?.());
	const i = is.data;
	const state = to.value || (i ? forward(i.state, i.may_become) : '');
	const refused = i && props.state && !i.may_become.includes(props.state as 'new');
	const wants = state === 'false-alarm' || (state === 'closed' && i?.state !== 'mitigated');

	useEffect(() => { choice.current?.focus(); }, [!i]);
	if (change.conflict)
		return change.conflict;
	return (
		<Dialog open close={props.close} title={t('state.title', { number: String(number) })}>
			{is.fault && <p class="form-fault" role="alert">{is.fault.message}</p>}
			{i && !i.may_become.length && <p>{t('state.nowhere')}</p>}
			{i && i.may_become.length > 0 && (
				<Form button={t('state.go')} cancel={props.close} submit={async (v) => {
					const body: Record<string, unknown> = { state };

					if (v.verdict)
						body.verdict = v.verdict;
					if (mutes.value && state === 'false-alarm')
						body.mute_until = v.until + 'T00:00:00Z';
					if (await change.run({ path: '/api/v1/incidents/{number}/state', body, done: t('state.done', { number: String(number), state: word('state', state) }),
						says: word('state', state) }, i.version))
						props.close();
				}}>
					<p class="quiet"><Said text={i.title} /></p>
					{refused && <p class="form-fault">{t('state.refused', { from: word('state', i.state), to: word('state', props.state!) })}</p>}
					<Field label={t('state.to')}><select ref={choice} value={state} onChange={(e) => { to.value = e.currentTarget.value; }}>
						<Options words="state" of={i.may_become} /></select></Field>
					<Field label={t('state.why')} hint={wants ? t('state.why.wanted') : undefined}>
						<input name="verdict" required={wants} maxLength={400} autocomplete="off" /></Field>
					{state === 'false-alarm' && may('lead') && (
						<fieldset class="stack">
							<label class="tick"><input type="checkbox" checked={mutes.value} onChange={(e) => { mutes.value = e.currentTarget.checked; }} />{t('state.mute')}</label>
							{mutes.value && (
								<>
									<p class="quiet">{t('state.mute.scope', { family: i.family || '–' })} <strong><Said text={i.subject} /></strong></p>
									<Field label={t('state.mute.until')} hint={t('state.mute.year')}>
										<input name="until" type="date" required defaultValue={inDays(30)} min={inDays(1)} max={inDays(365)} /></Field>
								</>
							)}
						</fieldset>
					)}
				</Form>
			)}
		</Dialog>
	);
}
