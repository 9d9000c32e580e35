// SPDX-License-Identifier: GPL-3.0-or-later
/* letter.tsx - a text of many lines as it came: each in its own direction, what hides made
 * visible. */
import { visible } from './subject';

export function Letter(props: { text: string; lang?: string }) {
	return (
		<pre class="letter" tabIndex={0} lang={props.lang}>
			{props.text.split('\n').map((l, i) => <div key={i} dir="auto">{visible(l.replace(/\r$/, '').replace(/\t/g, '    '))}{'\n'}</div>)}
		</pre>
	);
}
