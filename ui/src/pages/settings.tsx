// SPDX-License-Identifier: GPL-3.0-or-later
/* settings.tsx - the account, people and tokens, mutes; and how this house works: clocks,
 * playbooks, options with the manual's help. One part at a time; its name is in the address. */
import type { ComponentType } from 'preact';
import { useHeading } from '../shell';
import { may, type Role } from '../state';
import { t, type Key } from '../text';
import { Account } from './settings/account';
import { Clocks, Options, Playbooks } from './settings/house';
import { Mutes } from './settings/mutes';
import { Rules } from './settings/rules';
import { Tokens } from './settings/tokens';
import { Users } from './settings/users';

const parts: { name: string; title: Key; role: Role; view: ComponentType }[] = [
	{ name: 'account', title: 'settings.account', role: 'viewer', view: Account },
	{ name: 'tokens', title: 'settings.tokens', role: 'viewer', view: Tokens },
	{ name: 'mutes', title: 'settings.mutes', role: 'viewer', view: Mutes },
	{ name: 'rules', title: 'settings.rules', role: 'viewer', view: Rules },
	{ name: 'clocks', title: 'settings.clocks', role: 'viewer', view: Clocks },
	{ name: 'playbooks', title: 'settings.playbooks', role: 'viewer', view: Playbooks },
	{ name: 'users', title: 'settings.users', role: 'admin', view: Users },
	{ name: 'options', title: 'settings.options', role: 'admin', view: Options },
];

export default function Settings(props: { part?: string }) {
	const mine = parts.filter((p) => may(p.role));
	const is = mine.find((p) => p.name === props.part) ?? mine[0]!;
	const View = is.view;

	useHeading(props.part ? t(is.title) : undefined);

	return (
		<div class="page">
			<header class="page-head"><h1>{t('nav.settings')}</h1></header>
			<nav class="tabs" aria-label={t('settings.parts')}>
				{mine.map((p) => <a key={p.name} href={'/settings/' + p.name} aria-current={p === is ? 'page' : undefined}>{t(p.title)}</a>)}
			</nav>
			<View />
		</div>
	);
}
