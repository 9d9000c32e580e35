// SPDX-License-Identifier: GPL-3.0-or-later
/* new.tsx - an incident by hand; with findings in the address (?findings=ID,ID) of those. */
import { useSignal } from '@preact/signals';
import { send } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Field, Form } from '../../parts/form';
import { severities } from '../../parts/severity';
import { toast } from '../../parts/toast';
import { query } from '../../router';
import { me } from '../../state';
import { t } from '../../text';
import { ClockSets, Options, paps, tlps } from './parts';
import { PickPerson } from './people';

export function NewIncident(props: { open: boolean; close: () => void; then: (number: number) => void }) {
	const findings = query('findings').split(',').filter(Boolean);
	const owner = useSignal(me.value?.login ?? '');
	const submit = async (v: Record<string, string>) => {
		const given = Object.fromEntries(Object.entries({ ...v, owner: owner.value }).filter(([, is]) => is.trim()));
		const made = await send('POST', '/api/v1/incidents', { body: { ...given, ...(findings.length ? { findings } : {}) } as never });

		toast(t('incidents.opened', { number: String(made.number) }));
		props.then(made.number);
	};

	return (
		<Dialog open={props.open} close={props.close} title={t('incidents.new')}>
			<Form button={t('incidents.new.go')} cancel={props.close} submit={submit}>
				{findings.length > 0 && <p class="quiet">{t('incidents.new.of', { n: findings.length })}</p>}
				<Field label={t('incidents.title')}><input name="title" autofocus required={!findings.length} maxLength={200} autocomplete="off" /></Field>
				<Field label={t('incidents.subject')} hint={t('incidents.subject.hint')}>
					<input name="subject" class="mono" required={!findings.length} maxLength={1000} autocomplete="off" spellcheck={false} /></Field>
				<div class="pair">
					<Field label={t('incidents.family')} hint={t('incidents.family.hint')}>
						<input name="family" list="families" maxLength={47} autocomplete="off" /></Field>
					<Field label={t('incidents.severity')}>
						<select name="severity"><Options words="severity" of={severities} none={findings.length ? t('incidents.asfindings') : undefined} is={findings.length ? undefined : 'medium'} /></select></Field>
				</div>
				<div class="pair">
					<PickPerson label={t('incidents.owner')} owner={owner.value} pick={(login) => { owner.value = login; }} />
					<Field label={t('incidents.clocks')} hint={t('incidents.clocks.hint')}><input name="clocks" list="clock-sets" maxLength={60} autocomplete="off" /></Field>
				</div>
				<div class="pair">
					<Field label="TLP"><select name="tlp"><Options of={tlps} is="TLP:AMBER" /></select></Field>
					<Field label="PAP"><select name="pap"><Options of={paps} is="PAP:AMBER" /></select></Field>
				</div>
				<Field label={t('incidents.reason')}><input name="reason" maxLength={400} autocomplete="off" /></Field>
				<datalist id="families">{['phishing', 'malware', 'botnet', 'pharming', 'spam', 'tunnel', 'dga', 'reflection', 'nxstorm', 'hijack', 'spoofing'].map((f) => <option key={f} value={f} />)}</datalist>
				<ClockSets id="clock-sets" />
			</Form>
		</Dialog>
	);
}
