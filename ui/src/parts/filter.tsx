// SPDX-License-Identifier: GPL-3.0-or-later
/* filter.tsx - a box that filters while one types: it tells what it holds 120 ms after the
 * last key, at once on Enter. "/" goes there, Escape empties it, then leaves it. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { useKeys } from '../keys';
import { t } from '../text';
import { Icon } from './icon';

export interface FilterProps {
	value: string;
	change: (text: string) => void;
	label: string;
	hint?: string;
	busy?: boolean;
}
export function Filter(props: FilterProps) {
	const input = useRef<HTMLInputElement>(null);
	const text = useSignal(props.value);
	const timer = useRef<ReturnType<typeof setTimeout>>();

	useEffect(() => {	// changed from elsewhere: a saved filter, the way back
		if (document.activeElement !== input.current || props.value === '')
			text.value = props.value;
	}, [props.value]);
	useEffect(() => () => clearTimeout(timer.current), []);
	useKeys([{ keys: '/', help: 'keys.filter', run: () => { input.current?.focus(); input.current?.select(); } }]);
	const tell = (now: boolean) => {
		clearTimeout(timer.current);
		timer.current = setTimeout(() => props.change(text.value.trim()), now ? 0 : 120);
	};
	return (
		<div class={`filter ${props.busy ? 'busy' : ''}`}>
			<Icon name="filter" />
			<input ref={input} type="search" aria-label={props.label} placeholder={props.hint ?? props.label}
				value={text.value} autocomplete="off" spellcheck={false} autocapitalize="none"
				onInput={(e) => { text.value = e.currentTarget.value; tell(false); }}
				onKeyDown={(e) => {
					if (e.key === 'Enter')
						tell(true);
					if (e.key !== 'Escape')
						return;
					e.stopPropagation();
					if (text.value) {
						e.preventDefault();	// a dialog around it stays
						text.value = '';
						tell(true);
					} else {
						input.current?.blur();
					}
				}} />
			{text.value
				? <button type="button" class="plain icon-only" aria-label={t('filter.clear')} onClick={() => { text.value = ''; tell(true); }}><Icon name="close" /></button>
				: <kbd aria-hidden="true">/</kbd>}
		</div>
	);
}
