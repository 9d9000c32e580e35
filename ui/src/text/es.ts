// SPDX-License-Identifier: GPL-3.0-or-later
/* es.ts - as en.ts. */
import type { Catalogue } from '../text';
import finding from './es/finding';
import frame from './es/frame';
import incidents from './es/incidents';

const words: Catalogue = { ...frame, ...finding, ...incidents };
export default words;
