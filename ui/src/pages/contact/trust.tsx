// SPDX-License-Identifier: GPL-3.0-or-later
/* trust.tsx - why their key is believed, as a drawing: our key, who it vouches for, whom they
 * vouch for, ... up to this contact. Each arrow is a signed statement with an end; the same
 * stands as a list for who listens. */
import { useGet } from '../../api';
import { FaultView } from '../../parts/fault';
import { Icon } from '../../parts/icon';
import { Name } from '../../parts/subject';
import { Time } from '../../parts/when';
import { to } from '../../router';
import { t } from '../../text';

const key = (hex: string) => hex.slice(0, 8) + '…';

/* Each statement names the key that signs it; the last one's own stands among its addresses. */
export function Trust(props: { id: string; own: string; take?: () => void }) {
	const asked = useGet('/api/v1/contacts/{id}/trust', { path: { id: props.id } });
	const is = asked.data;

	return (
		<section class="box">
			<div class="box-head"><h2>{t('trust.title')}</h2>
				{is && (is.trusted ? <span class="chip chip-good"><Icon name="check" />{t('trust.trusted')}</span> : <span class="chip">{t('trust.none')}</span>)}
				{props.take && <button type="button" class="plain" onClick={props.take}>{t('trust.take')}</button>}</div>
			{asked.fault ? <FaultView fault={asked.fault} again={asked.again} />
			: !is ? null
			: !is.trusted ? <p class="quiet">{is.from ? t('trust.none.help', { n: is.looked_at }) : t('trust.unsigned')}{is.bad > 0 && ' ' + t('trust.bad', { n: is.bad })}</p>
			: (
				<ol class="trust">
					<li class="trust-node trust-ours"><strong>{t('trust.us')}</strong><Name class="quiet" text={key(is.from)} /></li>
					{is.steps.map((s, i) => (
						<li key={s.whom} class="trust-step">
							<span class="trust-arrow"><span class="quiet">{t('trust.until')} <Time at={s.until} as="relative" /></span></span>
							<span class={`trust-node ${s.whom === props.id ? 'trust-end' : ''}`}>
								{s.whom === props.id ? <strong><Name text={s.whom} /></strong> : <a href={to('contacts', s.whom)}><Name text={s.whom} /></a>}
								<Name class="quiet" text={key(is.steps[i + 1]?.key ?? props.own)} />
							</span>
						</li>
					))}
				</ol>
			)}
		</section>
	);
}
