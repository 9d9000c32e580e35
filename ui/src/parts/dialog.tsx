// SPDX-License-Identifier: GPL-3.0-or-later
/* dialog.tsx - a question in front of the page. The browser's own <dialog>: it keeps the
 * focus inside, Escape closes it, and the focus goes back to where it came from. A click
 * beside it closes it as long as nothing was typed; a text that is selected from inside to
 * beside it is no such click. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../text';
import { Icon } from './icon';

/* What is typed into goes before the button that closes. */
const first = '[autofocus], .dialog-box > :not(header) :is(input:not([hidden], [type=hidden]), select, textarea)';

export interface DialogProps {
	open: boolean;
	close: () => void;
	title: string;
	wide?: boolean;
	firm?: boolean;		// has to be answered; what lies behind is hidden
	children: ComponentChildren;
}
export function Dialog(props: DialogProps) {
	const box = useRef<HTMLDialogElement>(null);
	const id = useId();
	const typed = useRef(false), beside = useRef(false);

	useEffect(() => {
		const d = box.current!;

		if (props.open && !d.open) {
			d.showModal();
			typed.current = false;
			d.querySelector<HTMLElement>(first)?.focus();
		}
		else if (!props.open && d.open)
			d.close();
	}, [props.open]);
	return (
		<dialog ref={box} aria-labelledby={id} class={props.wide ? 'wide' : props.firm ? 'firm' : undefined}
			onCancel={(e) => { if (props.firm) e.preventDefault(); }}
			onClose={() => { if (props.firm) box.current?.showModal(); else props.close(); }}
			onInput={() => { typed.current = true; }}
			onPointerDown={(e) => { beside.current = e.target === box.current; }}
			onClick={(e) => { if (e.target === box.current && beside.current && !typed.current && !props.firm) props.close(); }}>
			{props.open && (
				<div class="dialog-box">
					<header>
						<h2 id={id}>{props.title}</h2>
						{!props.firm && <button type="button" class="plain icon-only" aria-label={t('close')} onClick={props.close}><Icon name="close" /></button>}
					</header>
					{props.children}
				</div>
			)}
		</dialog>
	);
}
