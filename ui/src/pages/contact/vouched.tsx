// SPDX-License-Identifier: GPL-3.0-or-later
/* vouched.tsx - takes in what somebody else signed about somebody and passed on. The server
 * checks the signature by the key that it has of whoever signs. */
import { send } from '../../api';
import { Dialog } from '../../parts/dialog';
import { Field, Form } from '../../parts/form';
import { toast } from '../../parts/toast';
import { t } from '../../text';

export function Vouched(props: { close: () => void; done: () => void }) {
	return (
		<Dialog open close={props.close} title={t('trust.take')}>
			<Form button={t('trust.take.go')} cancel={props.close} submit={async (v) => {
				await send('POST', '/api/v1/vouches', { body: { statement: v.statement! } });
				toast(t('trust.taken'));
				props.done();
				props.close();
			}}>
				<p class="quiet">{t('trust.take.help')}</p>
				<Field label={t('trust.statement')}><textarea name="statement" class="mono" rows={9} required maxLength={4000} autofocus spellcheck={false} placeholder={'says: vedette vouch 1\nby: cert.example\n…\nsignature: …'} /></Field>
			</Form>
		</Dialog>
	);
}
