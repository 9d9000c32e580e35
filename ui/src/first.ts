// SPDX-License-Identifier: GPL-3.0-or-later
/* first.ts - before anything is drawn: the theme that was chosen, so that nothing flashes. */
const theme = localStorage.getItem('vedette.theme');

if (theme === 'light' || theme === 'dark')
	document.documentElement.dataset.theme = theme;
