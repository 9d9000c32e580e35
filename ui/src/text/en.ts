// SPDX-License-Identifier: GPL-3.0-or-later
/* en.ts - the English catalogue: one file a part of the page. es.ts and fr.ts have the same. */
import contacts from './en/contacts';
import evidence from './en/evidence';
import finding from './en/finding';
import frame from './en/frame';
import incidents from './en/incidents';
import inbox from './en/inbox';
import settings from './en/settings';
import sharing from './en/sharing';
import subject from './en/subject';
import zones from './en/zones';

const words = { ...frame, ...finding, ...evidence, ...incidents, ...inbox, ...subject, ...contacts, ...sharing, ...zones, ...settings };
export default words;
