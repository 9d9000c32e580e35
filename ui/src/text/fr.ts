// SPDX-License-Identifier: GPL-3.0-or-later
/* fr.ts - as en.ts. */
import type { Catalogue } from '../text';
import finding from './fr/finding';
import frame from './fr/frame';
import incidents from './fr/incidents';

const words: Catalogue = { ...frame, ...finding, ...incidents };
export default words;
