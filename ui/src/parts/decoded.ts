// SPDX-License-Identifier: GPL-3.0-or-later
/* decoded.ts - what the server says of a message's fields, in the reader's words. It names
 * them in English ("answer 1", "flags"), by src/dns/msg_parts.c; what was in the message
 * (names, data) is left as it is. */
import { t, word } from '../text';

/* "answer 1" -> "réponse 1"; "EDNS 1", "qr" stay. */
export function partName(name: string): string {
	const [, is, nth] = /^(.*?)( \d+)?$/.exec(name)!;

	return word('part', is!) + (nth ?? '');
}

const FLAGS = ['qr', 'aa', 'tc', 'rd', 'ra', 'z', 'ad', 'cd'];
/* "1 recursion desired", "response QUERY NOERROR", "4 octets", "to octet 12" */
export function partText(name: string, text: string): string {
	const [first, ...rest] = text.split(' '), after = rest.join(' ');

	if (FLAGS.includes(name) && after)
		return `${first} ${word('flag', after)}`;
	if (name === 'header')
		return `${word('flag', first!)} ${after}`;
	if ((name === 'rdlength' || name === 'UDP size') && after === 'octets')
		return t('bytes.octets', { n: Number(first) });
	if (name === 'pointer')
		return t('evidence.to', { n: rest.at(-1) ?? '' });
	return text;
}
