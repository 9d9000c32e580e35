// SPDX-License-Identifier: GPL-3.0-or-later
/* letter.tsx - a text of many lines as it came: each in its own direction, what hides made
 * visible. A letter of ours says its language, and has the spaces of that. */
import { visible } from './subject';

export function Letter(props: { text: string; lang?: string }) {
	const may = props.lang ? '\u00a0\u202f' : '';

	return (
		<pre class="letter" tabIndex={0} lang={props.lang}>
			{props.text.split('\n').map((l, i) => <div key={i} dir="auto">{visible(l.replace(/\r$/, '').replace(/\t/g, '    '), may)}{'\n'}</div>)}
		</pre>
	);
}
