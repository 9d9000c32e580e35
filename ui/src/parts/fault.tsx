// SPDX-License-Identifier: GPL-3.0-or-later
/* fault.tsx - what went wrong and what can be done; and a wall so that one broken part does
 * not take the page down. */
import { Component, type ComponentChildren } from 'preact';
import { Fault } from '../api';
import { t } from '../text';

export function FaultView(props: { fault: Fault | Error; again?: () => void }) {
	const status = props.fault instanceof Fault ? props.fault.status : -1;

	return (
		<div class="fault" role="alert">
			<strong>{status === 403 ? t('fault.not-for-you') : status === 404 ? t('fault.nothing')
				: status === 0 ? t('fault.away') : t('fault.title')}</strong>
			<p dir="auto">{props.fault.message}</p>
			{props.again && status !== 403 && status !== 404 &&
				<button type="button" onClick={() => props.again!()}>{t('fault.again')}</button>}
		</div>
	);
}

export class Boundary extends Component<{ children: ComponentChildren }, { error?: Error }> {
	override state: { error?: Error } = {};

	static override getDerivedStateFromError(error: Error) {
		return { error };
	}
	override render() {
		return this.state.error
			? <FaultView fault={this.state.error} again={() => this.setState({ error: undefined })} />
			: this.props.children;
	}
}
