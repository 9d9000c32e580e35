// SPDX-License-Identifier: GPL-3.0-or-later
/* findings-saved.tsx - filters under a name. Kept in this browser for each login; some that
 * everybody needs are there from the start. */
import { signal, useSignal } from '@preact/signals';
import { Dialog } from '../parts/dialog';
import { Field, Form } from '../parts/form';
import { Icon } from '../parts/icon';
import { Menu, MenuItem, MenuPart } from '../parts/menu';
import { toast } from '../parts/toast';
import { ask, go, place, query } from '../router';
import { me } from '../state';
import { t, type Key } from '../text';

interface Saved { name: string; query: string }
const key = () => `vedette.filters.${me.value?.login ?? ''}`;
const changed = signal(0);

function load(): Saved[] {
	void changed.value;
	try {
		const is: unknown = JSON.parse(localStorage.getItem(key()) ?? '[]');
		return Array.isArray(is) ? is.filter((s): s is Saved => typeof s?.name === 'string' && typeof s?.query === 'string') : [];
	} catch {
		return [];
	}
}
function store(all: Saved[]): void {
	try {
		localStorage.setItem(key(), JSON.stringify(all.slice(0, 50)));
	} catch { /* as long as the tab lives they are in the address */ }
	changed.value++;
}

const given: { name: Key; query: string }[] = [
	{ name: 'findings.saved.urgent', query: 'severity=high&state=none' },
	{ name: 'findings.saved.latest', query: 'order=time' },
	{ name: 'findings.saved.zones', query: 'kind=zone,delegation,name' },
];
const orders = ['severity', 'time'] as const;

export function SavedFilters(props: { names: readonly string[] }) {
	const naming = useSignal(false);
	const all = load();
	const now = () => {
		const q = new URLSearchParams();

		for (const n of props.names)
			if (query(n))
				q.set(n, query(n));
		return q.toString();
	};

	return (
		<>
			<Menu class="boxed" label={t('findings.saved')} button={<><Icon name="star" /><span class="wide-only">{t('findings.saved')}</span></>}>
				{all.length > 0 && (
					<MenuPart label={t('findings.saved.own')}>
						{all.map((s) => <MenuItem key={s.name} run={() => go('/findings?' + s.query)}>{s.name}</MenuItem>)}
					</MenuPart>
				)}
				<MenuPart label={t('findings.saved.given')}>
					{given.map((s) => <MenuItem key={s.name} run={() => go('/findings?' + s.query)}>{t(s.name)}</MenuItem>)}
				</MenuPart>
				<MenuPart label={t('findings.order')}>
					{orders.map((o) => (
						<MenuItem key={o} run={() => ask({ order: o === 'severity' ? '' : o })}>{t(`findings.order.${o}` as Key)}</MenuItem>
					))}
				</MenuPart>
				<MenuPart label={t('findings.this')}>
					<MenuItem run={() => { naming.value = true; }} disabled={!place.value.query.size}>{t('findings.save')}</MenuItem>
					<MenuItem run={() => { store(all.filter((s) => s.query !== now())); toast(t('findings.forgotten')); }}
						disabled={!all.some((s) => s.query === now())}>{t('findings.forget')}</MenuItem>
				</MenuPart>
			</Menu>
			<Dialog open={naming.value} close={() => { naming.value = false; }} title={t('findings.save')}>
				<Form button={t('save')} cancel={() => { naming.value = false; }} submit={(v) => {
					store([...all.filter((s) => s.name !== v.name), { name: v.name!.trim(), query: now() }]);
					naming.value = false;
					toast(t('findings.saved.done', { name: v.name! }));
				}}>
					<Field label={t('findings.save.name')} hint={t('findings.save.hint')}>
						<input name="name" required maxLength={60} autofocus />
					</Field>
				</Form>
			</Dialog>
		</>
	);
}
