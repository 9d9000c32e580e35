// SPDX-License-Identifier: GPL-3.0-or-later
/* form.tsx - fields with their label, hint and error; a form that sends once and says what
 * went wrong.
 *
 *   <Form button={t('save')} submit={async (values) => { await send(...); }}>
 *     <Field label={t('title')} hint={...}><input name="title" required /></Field>
 *   </Form>
 *
 * `values` holds each named field as text. What `submit` throws is shown above the button.
 * A tab that is closed over a text of several lines asks first. */
import { useSignal } from '@preact/signals';
import { cloneElement, type ComponentChildren, type VNode } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import { sentence } from '../api';
import { t } from '../text';

export function Field(props: { label: string; hint?: ComponentChildren; children: VNode; quiet?: boolean }) {
	const id = useId();

	return (
		<div class={props.quiet ? 'field field-quiet' : 'field'}>
			<label for={id}>{props.label}</label>
			{cloneElement(props.children, { id, 'aria-describedby': props.hint ? id + 'h' : undefined })}
			{props.hint && <span class="hint" id={id + 'h'}>{props.hint}</span>}
		</div>
	);
}

/* Asks before the tab is closed or loaded again, as long as `when`. */
export function useHold(when: boolean): void {
	useEffect(() => {
		const hold = (e: Event) => e.preventDefault();

		if (when)
			addEventListener('beforeunload', hold);
		return () => removeEventListener('beforeunload', hold);
	}, [when]);
}

export interface FormProps {
	submit: (values: Record<string, string>) => Promise<unknown> | void;
	button: string;
	cancel?: () => void;
	cancels?: string;	// what that is called, if not "Cancel"
	danger?: boolean;
	disabled?: boolean;
	children: ComponentChildren;
}
export function Form(props: FormProps) {
	const busy = useSignal(false), written = useSignal(false);
	const fault = useSignal('');

	useHold(written.value);
	const send = async (e: SubmitEvent) => {
		const values: Record<string, string> = {};

		e.preventDefault();
		if (busy.value)
			return;
		new FormData(e.currentTarget as HTMLFormElement).forEach((is, name) => {
			if (typeof is === 'string')
				values[name] = is;
		});
		busy.value = true;
		fault.value = '';
		try {
			await props.submit(values);
			written.value = false;
		} catch (e) {
			fault.value = sentence(e);
		}
		busy.value = false;
	};

	return (
		<form class="form" aria-busy={busy.value} onSubmit={send as never}
			onInput={(e) => { if (e.target instanceof HTMLTextAreaElement) written.value = e.target.value !== ''; }}>
			{props.children}
			{fault.value && <p class="form-fault" role="alert" dir="auto">{fault.value}</p>}
			<div class="form-end">
				<button type="submit" class={props.danger ? 'danger' : 'main'} disabled={busy.value || props.disabled}>{props.button}</button>
				{props.cancel && <button type="button" onClick={props.cancel}>{props.cancels ?? t('cancel')}</button>}
			</div>
		</form>
	);
}
