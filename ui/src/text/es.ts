// SPDX-License-Identifier: GPL-3.0-or-later
/* es.ts - as en.ts. */
import type { Catalogue } from '../text';
import finding from './es/finding';
import frame from './es/frame';

const words: Catalogue = { ...frame, ...finding };
export default words;
