// SPDX-License-Identifier: GPL-3.0-or-later
/* people.tsx - who works on it: one of those who can, or nobody. */
import { useList } from '../../api';
import { Pick, type Choice } from '../../parts/pick';
import { Name, visibleText } from '../../parts/subject';
import { me } from '../../state';
import { t, word } from '../../text';

export interface PickPersonProps {
	label: string;
	owner: string;			// a login; '' is nobody
	pick: (login: string) => void;
	autofocus?: boolean;
}
export function PickPerson(props: PickPersonProps) {
	const list = useList('/api/v1/people', { query: { limit: 500 } });
	const nobody: Choice = { value: '', text: t('incidents.nobody'), view: <span class="quiet">{t('incidents.nobody')}</span> };
	const people = [...list.data ?? []].sort((a, b) => Number(b.login === me.value?.login) - Number(a.login === me.value?.login)).map((p): Choice => ({
		value: p.login, text: p.login + (p.name ? ` · ${visibleText(p.name)}` : ''),
		view: <span class="pick-row"><Name text={p.login} /><span class="cut quiet">{visibleText(p.name)}</span><span class="quiet">{word('role', p.role)}</span></span> }));
	const all = list.data ? [nobody, ...people] : [];

	return (
		<Pick label={props.label} choices={all} busy={!list.data && list.busy} autofocus={props.autofocus} none={list.fault?.message ?? t('pick.person.none')} required
			picked={all.find((c) => c.value === props.owner) ?? { value: props.owner, text: props.owner || nobody.text }}
			pick={(c) => { if (c) props.pick(c.value); }} />
	);
}
