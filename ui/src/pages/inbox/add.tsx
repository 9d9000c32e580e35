// SPDX-License-Identifier: GPL-3.0-or-later
/* add.tsx - a report that somebody tells, field by field. */
import { send } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Field, Form } from '../../parts/form';
import { toast } from '../../parts/toast';
import { to } from '../../router';
import { Options, tlps } from '../incident/parts';
import { t, word } from '../../text';

export const abuses = ['phishing', 'malware', 'botnet', 'pharming', 'spam'] as const;

export function AddReport(props: { open: boolean; close: () => void; done: () => void }) {
	return (
		<Dialog open={props.open} close={props.close} title={t('inbox.add')}>
			<Form button={t('inbox.add.go')} cancel={props.close} submit={async (v) => {
				const given = Object.fromEntries(Object.entries(v).filter(([, is]) => is.trim()));

				if (given.seen)
					given.seen = new Date(given.seen).toISOString();
				const r = await send('POST', '/api/v1/reports', { body: given as never });
				toast(r.same ? t('inbox.added.same', { number: String(r.number), same: String(r.same) }) : t('inbox.added', { number: String(r.number), weight: String(r.weight) }),
					{ href: to('inbox', r.number) });
				props.done();
				props.close();
			}}>
				<Field label={t('incidents.subject')} hint={t('incidents.subject.hint')}><input name="subject" class="mono" maxLength={2000} autocomplete="off" spellcheck={false} /></Field>
				<div class="pair">
					<Field label={t('inbox.abuse')}><select name="abuse"><option value="">{t('inbox.abuse.none')}</option>{abuses.map((a) => <option key={a} value={a}>{word('abuse', a)}</option>)}</select></Field>
					<Field label={t('inbox.seen')}><input name="seen" type="datetime-local" /></Field>
				</div>
				<Field label={t('inbox.sender')}><input name="sender" maxLength={400} autocomplete="off" /></Field>
				<Field label={t('incidents.title')}><input name="title" maxLength={400} autocomplete="off" /></Field>
				<Field label={t('inbox.text')}><textarea name="text" rows={4} maxLength={8000} /></Field>
				<Field label={t('inbox.url')}><input name="url" maxLength={2000} autocomplete="off" spellcheck={false} /></Field>
				<Field label={t('findings.label')} hint={t('inbox.label.hint')}>
					<select name="tlp"><Options of={tlps} is="" none={t('inbox.label.none')} /></select>
				</Field>
			</Form>
		</Dialog>
	);
}
