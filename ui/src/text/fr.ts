// SPDX-License-Identifier: GPL-3.0-or-later
/* fr.ts - as en.ts. */
import type { Catalogue } from '../text';
import contacts from './fr/contacts';
import finding from './fr/finding';
import frame from './fr/frame';
import incidents from './fr/incidents';
import inbox from './fr/inbox';
import settings from './fr/settings';
import sharing from './fr/sharing';
import subject from './fr/subject';
import zones from './fr/zones';

const words: Catalogue = { ...frame, ...finding, ...incidents, ...inbox, ...subject, ...contacts, ...sharing, ...zones, ...settings };
export default words;
