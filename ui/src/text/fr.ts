// SPDX-License-Identifier: GPL-3.0-or-later
/* fr.ts - as en.ts. */
import type { Catalogue } from '../text';
import finding from './fr/finding';
import frame from './fr/frame';
import incidents from './fr/incidents';
import inbox from './fr/inbox';
import settings from './fr/settings';
import subject from './fr/subject';

const words: Catalogue = { ...frame, ...finding, ...incidents, ...inbox, ...subject, ...settings };
export default words;
