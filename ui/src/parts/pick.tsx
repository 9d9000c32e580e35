// SPDX-License-Identifier: GPL-3.0-or-later
/* pick.tsx - one of many, found by typing: a field with a list under it (the combobox of
 * ARIA's patterns). Arrows move, Enter takes, Escape shuts the list and nothing else.
 *
 *   <Pick label={...} choices={[{ value: '12', text: 'Tunnel: x.example', view: <...> }]}
 *         picked={value} pick={(c) => ...} type={(text) => ...} />
 *
 * With `type` the caller looks for what was typed; without it the choices are narrowed here.
 * As long as the choices are not those for what was typed (`busy`) Enter waits for them. */
import { useSignal, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../text';

/* Takes an id into a set, or out of it. */
export function flip(picked: Signal<ReadonlySet<string>>, id: string): void {
	const next = new Set(picked.value);

	if (!next.delete(id))
		next.add(id);
	picked.value = next;
}

export interface Choice { value: string; text: string; view?: ComponentChildren }
export interface PickProps {
	label: string;
	choices: readonly Choice[];
	picked: Choice | null;
	pick: (is: Choice | null) => void;
	type?: (text: string) => void;
	hint?: string;
	none?: string;		// said when nothing fits
	busy?: boolean;		// the choices are on their way
	required?: boolean;
	autofocus?: boolean;
	bare?: boolean;		// in a row of filters: the label is for screen readers
}
/* What holds it; what begins so comes first. What stands for nothing ("nobody") has to. */
function narrowed(choices: readonly Choice[], wanted: string): Choice[] {
	const begins = (c: Choice) => !!c.value && c.value.toLowerCase().startsWith(wanted) || c.text.toLowerCase().startsWith(wanted);
	const holds = (c: Choice) => !!c.value && `${c.value} ${c.text}`.toLowerCase().includes(wanted);

	return [...choices.filter(begins), ...choices.filter((c) => !begins(c) && holds(c))];
}

export function Pick(props: PickProps) {
	const id = useId();
	const input = useRef<HTMLInputElement>(null);
	const typed = useSignal<string | null>(null);	// null: what is picked stands there
	const open = useSignal(false), at = useSignal(0), waits = useSignal(false);
	const wanted = typed.value?.trim().toLowerCase() ?? '';
	const fit = props.type || !wanted ? props.choices : narrowed(props.choices, wanted);
	const here = Math.min(at.value, fit.length - 1);
	const stands = typed.value === null ? props.picked?.text ?? '' : null;

	/* A name that comes late takes the place of a login: what is typed still replaces all of it. */
	useLayoutEffect(() => {
		if (stands !== null && document.activeElement === input.current)
			input.current?.select();
	}, [stands]);
	useEffect(() => { input.current?.setCustomValidity(wanted || props.required && !props.picked ? t('pick.wanted') : ''); });
	useEffect(() => {
		if (open.value)
			document.getElementById(`${id}-${here}`)?.scrollIntoView({ block: 'nearest' });
	}, [here, open.value]);
	const shut = () => { open.value = waits.value = false; typed.value = null; };
	const take = (c: Choice | undefined) => {
		waits.value = !!props.busy;
		if (!c || props.busy)
			return;		// what was typed stays, and what is said under it
		props.pick(c);
		shut();
	};

	/* What was typed and not picked stays, and has to be: nothing else is taken silently. */
	const leave = () => {
		open.value = waits.value = false;
		if (props.bare || !wanted)
			typed.value = null;
		else if (fit.length === 1)
			take(fit[0]);
	};

	useEffect(() => { if (waits.value && !props.busy) take(fit[0]); }, [props.busy]);
	const keys = (e: KeyboardEvent) => {
		if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
			at.value = !open.value ? 0 : Math.max(0, Math.min(fit.length - 1, here + (e.key === 'ArrowDown' ? 1 : -1)));
			open.value = true;
		} else if (e.key === 'Enter' && open.value) {
			take(fit[here]);
		} else if (e.key === 'Escape' && open.value) {
			shut();
		} else {
			return;
		}
		e.preventDefault();
		e.stopPropagation();
	};

	return (
		<div class="field pick">
			<label for={id} class={props.bare ? 'unseen' : undefined}>{props.label}</label>
			<input ref={input} id={id} type="text" role="combobox" aria-expanded={open.value} aria-controls={`${id}-list`} aria-autocomplete="list"
				aria-activedescendant={open.value && here >= 0 ? `${id}-${here}` : undefined} aria-describedby={props.hint ? id + 'h' : undefined}
				autocomplete="off" spellcheck={false} autofocus={props.autofocus} placeholder={props.bare ? props.label : t('pick.type')}
				value={stands ?? typed.value ?? ''}
				onFocus={(e) => { e.currentTarget.select(); }} onClick={() => { open.value = true; }} onBlur={leave} onKeyDown={keys}
				onInput={(e) => {
					typed.value = e.currentTarget.value;
					open.value = true;
					waits.value = false;
					at.value = 0;
					if (props.picked)
						props.pick(null);
					props.type?.(typed.value.trim());
				}} />
			{open.value && (
				<ul class="pick-list" role="listbox" id={`${id}-list`} aria-label={props.label} onPointerDown={(e) => e.preventDefault()}>
					{fit.map((c, i) => (
						<li key={c.value} id={`${id}-${i}`} role="option" aria-selected={i === here} onClick={() => { props.pick(c); shut(); }} onPointerEnter={() => { at.value = i; }}>{c.view ?? c.text}</li>
					))}
				</ul>
			)}
			{open.value && (waits.value || !fit.length) && <span class="hint" role="status">{props.busy ? t('loading') : props.none ?? t('pick.none')}</span>}
			{props.hint && <span class="hint" id={id + 'h'}>{props.hint}</span>}
		</div>
	);
}
