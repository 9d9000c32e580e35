// SPDX-License-Identifier: GPL-3.0-or-later
/* fr.ts - as en.ts. */
import type { Catalogue } from '../text';
import finding from './fr/finding';
import frame from './fr/frame';

const words: Catalogue = { ...frame, ...finding };
export default words;
