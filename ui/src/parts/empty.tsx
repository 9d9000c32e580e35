// SPDX-License-Identifier: GPL-3.0-or-later
/* empty.tsx - an empty place teaches: what would stand here, and what fills it. */
import type { ComponentChildren } from 'preact';

export interface EmptyProps {
	title: string;
	text?: ComponentChildren;
	command?: string;	// what fills it at the command line
	action?: { label: string; href?: string; run?: () => void };
	children?: ComponentChildren;
}
export function Empty(props: EmptyProps) {
	return (
		<div class="empty">
			<strong>{props.title}</strong>
			{props.text && <p>{props.text}</p>}
			{props.command && <pre><code>{props.command}</code></pre>}
			{props.action && (props.action.href
				? <a class="button" href={props.action.href}>{props.action.label}</a>
				: <button type="button" onClick={props.action.run}>{props.action.label}</button>)}
			{props.children}
		</div>
	);
}
