// SPDX-License-Identifier: GPL-3.0-or-later
/* subject.tsx - names, addresses and other texts of outsiders, shown so that they cannot
 * lie: characters that turn the direction, join, hide or control are made visible, and the
 * text stands in a direction of its own.
 *
 *   <Name text={f.subject} />                      shown
 *   <Subject kind={f.subject_kind} name={...} />   with a link to what is known of it */
import type { ComponentChildren } from 'preact';
import { to } from '../router';
import { t } from '../text';

/* C0, C1, soft hyphen, direction (bidi), zero width, joiners, fillers, tags, line ends. */
const hidden = /[\u0000-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffd]|[\u{e0000}-\u{e0fff}]/gu;

/* Spaces that do not break are how numbers are written; in sentences what
 * `may` holds is left as it is. In a name nothing is. */
export function visible(text: string, may = ''): ComponentChildren {
	const parts: ComponentChildren[] = [];
	let last = 0;

	for (const m of text.matchAll(hidden)) {
		if (may.includes(m[0]))
			continue;
		const code = m[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');

		parts.push(text.slice(last, m.index), <span class="odd" title={t('odd', { code: 'U+' + code })}>{`⟨${code}⟩`}</span>);
		last = m.index + m[0].length;
	}
	return parts.length ? [...parts, text.slice(last)] : text;
}
/* The same as plain text, for titles and attributes: of names, and of sentences. */
export const visibleText = (text: string, may = ''): string =>
	text.replace(hidden, (c) => may.includes(c) ? c : `⟨${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`);
export const saidText = (text: string): string => visibleText(text, '\u00a0\u202f');

export function Name(props: { text: string; class?: string }) {
	return <bdi class={`name ${props.class ?? ''}`} dir="ltr">{visible(props.text)}</bdi>;
}

/* Where all that is known of it stands; a name with a slash (a network) has no place of its
 * own there and is looked for among the findings. */
export function subjectPath(kind: string, name: string): string {
	const is = kind === 'zone' ? 'zone' : /^[\d.]+$|^[\da-f:.]*:[\da-f:.]*$/i.test(name) ? 'address'
		: ['domain', 'name', 'delegation', ''].includes(kind) ? 'domain' : 'other';

	return name.includes('/') ? '/findings?subject=' + encodeURIComponent(name) : to('subjects', is, name);
}
export function Subject(props: { kind: string; name: string }) {
	return <a class="subject" href={subjectPath(props.kind, props.name)}><Name text={props.name} /></a>;
}
/* Sentences of the server hold names of outsiders. */
export function Said(props: { text: string }) {
	return <span dir="auto">{visible(props.text, '\u00a0\u202f')}</span>;
}
/* The same over several lines, as people write notes. */
export function Written(props: { text: string }) {
	return <span class="written" dir="auto">{visible(props.text.replace(/\r\n?/g, '\n'), '\u00a0\u202f\n')}</span>;
}
