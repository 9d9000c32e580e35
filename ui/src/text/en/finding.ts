// SPDX-License-Identifier: GPL-3.0-or-later
/* finding.ts - words of the pages Overview, Findings and One finding. */
export default {
};
