// SPDX-License-Identifier: GPL-3.0-or-later
/* reason.tsx - before something is done: why? One line, for the log. */
import type { ComponentChildren } from 'preact';
import { t } from '../text';
import { Dialog } from './dialog';
import { Field, Form } from './form';

export interface ReasonProps {
	title: string;			// what is done; on the button too
	why?: string;			// the label of the line
	hint?: string;
	danger?: boolean;
	cancels?: string;		// what leaving it is called, where "Cancel" would be both
	children?: ComponentChildren;	// what it is done to
	submit: (reason: string) => Promise<unknown>;
	close: () => void;		// also when it is done
}
export function Reason(props: ReasonProps) {
	return (
		<Dialog open close={props.close} title={props.title}>
			<Form button={props.title} danger={props.danger} cancels={props.cancels} cancel={props.close} submit={async (v) => {
				await props.submit(v.reason!);
				props.close();
			}}>
				{props.children}
				<Field label={props.why ?? t('state.why')} hint={props.hint}><input name="reason" required maxLength={400} autofocus autocomplete="off" /></Field>
			</Form>
		</Dialog>
	);
}
