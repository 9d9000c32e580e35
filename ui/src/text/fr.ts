// SPDX-License-Identifier: GPL-3.0-or-later
/* fr.ts - as en.ts. The files are typed with plain spaces; those that French wants beside
 * signs are put here, so that no line begins with one of them: narrow ones before ; ! ? and %,
 * others before : and inside « ». */
import type { Catalogue, Message, Plural } from '../text';
import contacts from './fr/contacts';
import evidence from './fr/evidence';
import finding from './fr/finding';
import frame from './fr/frame';
import incidents from './fr/incidents';
import inbox from './fr/inbox';
import settings from './fr/settings';
import sharing from './fr/sharing';
import subject from './fr/subject';
import zones from './fr/zones';

const spaced = (text: string): string => text.replace(/ (?=[;!?%])/g, '\u202f').replace(/ (?=[:»])|(?<=«|n°) /g, '\u00a0');
const message = (m: Message): Message => typeof m === 'string' ? spaced(m)
	: Object.fromEntries(Object.entries(m).map(([form, is]) => [form, spaced(is)])) as unknown as Plural;
const words: Catalogue = { ...frame, ...finding, ...evidence, ...incidents, ...inbox, ...subject, ...contacts, ...sharing, ...zones, ...settings };
export default Object.fromEntries(Object.entries(words).map(([key, m]) => [key, message(m)])) as Catalogue;
