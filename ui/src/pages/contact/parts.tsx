// SPDX-License-Identifier: GPL-3.0-or-later
/* parts.tsx - what the pages of contacts have in common: roles, what is covered, whether an
 * address answers. */
import type { Schema } from '../../api';
import { Icon, type IconName } from '../../parts/icon';
import { Name, visibleText } from '../../parts/subject';
import { t, word } from '../../text';

export type Contact = Schema['contact'];
export type Address = Schema['address'];
export const roles = ['registrar', 'operator', 'host', 'registry', 'cert', 'regulator', 'police',
	'abuse', 'technical', 'reporter', 'registrant', 'team'] as const;
export const channels = ['mail', 'webhook', 'phone', 'web', 'post', 'key'] as const;
export const lines = (text: string) => text.split('\n').filter(Boolean);

export function Roles(props: { of: string }) {
	return <>{lines(props.of).map((r) => word('contact-role', r)).join(', ') || '–'}</>;
}

export function Covers(props: { of: string }) {
	const all = lines(props.of);

	return all.length ? <span title={all.join('\n')}>{all.slice(0, 3).map((c, i) => <span key={c}>{i ? ', ' : ''}{c === '.' ? t('contacts.everything') : <Name text={c} />}</span>)}{all.length > 3 && ` +${all.length - 3}`}</span>
		: <span class="quiet">–</span>;
}

const kinds: Record<string, [string, IconName]> = { answered: ['chip-good', 'check'], silent: ['chip-due', 'jobs'],
	bounced: ['chip-bad', 'close'], asked: ['', 'jobs'], untried: ['', 'more'] };
/* Did anybody answer there? */
export function Proof(props: { is: string }) {
	const [kind, icon] = kinds[props.is] ?? ['', 'more'];

	return <span class={`chip ${kind}`}><Icon name={icon} />{word('proof', props.is)}</span>;
}

export function Reach(props: { is: Address | null; address?: boolean }) {
	if (!props.is)
		return <span class="chip chip-bad"><Icon name="close" />{t('contacts.no-address')}</span>;
	return <span class="reach" title={props.address ? visibleText(props.is.value) : undefined}><Proof is={props.is.proof} />{props.address && <Name class="cut" text={props.is.value} />}</span>;
}
