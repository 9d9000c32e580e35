// SPDX-License-Identifier: GPL-3.0-or-later
/* es.ts - as en.ts. */
import type { Catalogue } from '../text';
import contacts from './es/contacts';
import evidence from './es/evidence';
import finding from './es/finding';
import frame from './es/frame';
import incidents from './es/incidents';
import inbox from './es/inbox';
import settings from './es/settings';
import sharing from './es/sharing';
import subject from './es/subject';
import zones from './es/zones';

const words: Catalogue = { ...frame, ...finding, ...evidence, ...incidents, ...inbox, ...subject, ...contacts, ...sharing, ...zones, ...settings };
export default words;
