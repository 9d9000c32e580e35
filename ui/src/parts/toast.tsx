// SPDX-License-Identifier: GPL-3.0-or-later
/* toast.tsx - one sentence about what was just done, with its undoing where there is one.
 *
 *   toast(t('findings.muted'), { undo: () => ... });   bad(e);                      */
import { signal } from '@preact/signals';
import { sentence } from '../api';
import { t } from '../text';
import { Icon } from './icon';

interface Said { id: number; text: string; bad: boolean; undo?: () => void; href?: string }
const said = signal<Said[]>([]);
let next = 1;

const drop = (id: number) => { said.value = said.value.filter((s) => s.id !== id); };
function say(s: Omit<Said, 'id'>, ms: number): void {
	const id = next++;

	said.value = [...said.value.slice(-3), { ...s, id }];
	setTimeout(() => drop(id), ms);
}
export const toast = (text: string, with_?: { undo?: () => void; href?: string }): void =>
	say({ text, bad: false, ...with_ }, with_?.undo ? 10000 : 5000);
export const bad = (e: unknown): void => say({ text: sentence(e), bad: true }, 12000);

export function Toasts() {
	return (
		<div class="toasts" role="status" aria-live="polite">
			{said.value.map((s) => (
				<div key={s.id} class={s.bad ? 'toast toast-bad' : 'toast'}>
					<span dir="auto">{s.text}</span>
					{s.href && <a href={s.href} onClick={() => drop(s.id)}>{t('toast.open')}</a>}
					{s.undo && <button type="button" class="plain" onClick={() => { drop(s.id); s.undo!(); }}>{t('toast.undo')}</button>}
					<button type="button" class="plain icon-only" aria-label={t('close')} onClick={() => drop(s.id)}><Icon name="close" /></button>
				</div>
			))}
		</div>
	);
}
