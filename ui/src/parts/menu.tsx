// SPDX-License-Identifier: GPL-3.0-or-later
/* menu.tsx - a button that opens a list of things to do or to choose. Arrow keys move,
 * Escape closes and gives the focus back. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Icon } from './icon';

export interface MenuProps {
	label: string;		// for screen readers
	button: ComponentChildren;
	children: ComponentChildren;
	class?: string;
	disabled?: boolean;
}
export function Menu(props: MenuProps) {
	const open = useSignal(false);
	const root = useRef<HTMLDivElement>(null);
	const id = useId();
	const items = () => [...root.current!.querySelectorAll<HTMLElement>('[role^=menuitem]')];
	const close = (focus: boolean) => {
		open.value = false;
		if (focus)
			root.current?.querySelector('button')?.focus();
	};

	useEffect(() => {
		if (!open.value)
			return;
		items()[0]?.focus();
		const away = (e: PointerEvent) => { if (!root.current?.contains(e.target as Node)) close(false); };
		document.addEventListener('pointerdown', away);
		return () => document.removeEventListener('pointerdown', away);
	}, [open.value]);
	const keys = (e: KeyboardEvent) => {
		const all = items(), at = all.indexOf(document.activeElement as HTMLElement);
		const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 };

		if (!open.value)
			return;
		if (e.key === 'Escape' || e.key === 'Tab')
			close(e.key === 'Escape');
		else if (e.key in to)
			all[to[e.key]! % all.length]?.focus();
		else
			return;
		if (e.key !== 'Tab')
			e.preventDefault();
		e.stopPropagation();
	};
	return (
		<div class={`menu ${props.class ?? ''}`} ref={root} onKeyDown={keys}>
			<button type="button" class="menu-button" aria-haspopup="menu" aria-expanded={open.value}
				aria-controls={open.value ? id : undefined} aria-label={props.label} title={props.label}
				disabled={props.disabled} onClick={() => { open.value = !open.value; }}>
				{props.button}<Icon name="down" />
			</button>
			{open.value && (
				<div class="menu-list" role="menu" id={id} aria-label={props.label}
					onClick={(e) => { if ((e.target as Element).closest('[role^=menuitem]:not([data-stay])')) close(true); }}>
					{props.children}
				</div>
			)}
		</div>
	);
}
export function MenuPart(props: { label: string; children: ComponentChildren }) {
	return (
		<div role="group" aria-label={props.label} class="menu-part">
			<span class="menu-label" aria-hidden="true">{props.label}</span>
			{props.children}
		</div>
	);
}
export function MenuItem(props: { run: () => void; children: ComponentChildren; disabled?: boolean }) {
	return <button type="button" role="menuitem" tabIndex={-1} disabled={props.disabled} onClick={props.run}>{props.children}</button>;
}
export function MenuChoice(props: { on: boolean; run: () => void; children: ComponentChildren; stay?: boolean }) {
	return (
		<button type="button" role="menuitemradio" aria-checked={props.on} tabIndex={-1} data-stay={props.stay} onClick={props.run}>
			<span class="menu-tick">{props.on && <Icon name="check" />}</span>{props.children}
		</button>
	);
}
