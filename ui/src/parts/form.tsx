// SPDX-License-Identifier: GPL-3.0-or-later
/* form.tsx - fields with their label, hint and error; a form that sends once and says what
 * went wrong.
 *
 *   <Form button={t('save')} submit={async (values) => { await send(...); }}>
 *     <Field label={t('title')} hint={...}><input name="title" required /></Field>
 *   </Form>
 *
 * `values` holds each named field as text. What `submit` throws is shown above the button. */
import { useSignal } from '@preact/signals';
import { cloneElement, type ComponentChildren, type VNode } from 'preact';
import { useId } from 'preact/hooks';
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

export interface FormProps {
	submit: (values: Record<string, string>) => Promise<unknown> | void;
	button: string;
	cancel?: () => void;
	danger?: boolean;
	disabled?: boolean;
	children: ComponentChildren;
}
export function Form(props: FormProps) {
	const busy = useSignal(false);
	const fault = useSignal('');
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
		} catch (e) {
			fault.value = sentence(e);
		}
		busy.value = false;
	};

	return (
		<form class="form" onSubmit={send as never}>
			{props.children}
			{fault.value && <p class="form-fault" role="alert" dir="auto">{fault.value}</p>}
			<div class="form-end">
				<button type="submit" class={props.danger ? 'danger' : 'main'} disabled={busy.value || props.disabled}>{props.button}</button>
				{props.cancel && <button type="button" onClick={props.cancel}>{t('cancel')}</button>}
			</div>
		</form>
	);
}
