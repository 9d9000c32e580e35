// SPDX-License-Identifier: GPL-3.0-or-later
/* icon.tsx - line icons of 16 by 16; decoration only: what they mean stands beside them. */
const paths = {
	overview: 'M2.5 9h4V2.5h-4zM9.5 13.5h4V7h-4zM2.5 13.5h4v-2h-4zM9.5 4.5h4v-2h-4z',
	findings: 'M8 2.2l5.8 10.6H2.2zM8 6.5v3M8 11.2v.1',
	incidents: 'M2.5 5.5h11v8h-11zM5.5 5.5v-3h5v3M2.5 9h11',
	inbox: 'M2.5 9l1.8-6h7.4l1.8 6v4.5h-11zM2.5 9h3.2l1 1.8h2.6l1-1.8h3.2',
	contacts: 'M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8zM2.8 13.5c.6-2.6 2.6-4 5.2-4s4.6 1.4 5.2 4',
	sharing: 'M4 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6zM12 5.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6zM12 14.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6zM5.6 7.2l4.8-2.8M5.6 8.8l4.8 2.8',
	zones: 'M8 4.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM3.5 14a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM12.5 14a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM8 4.5v3.5M3.5 11V8h9v3',
	subject: 'M8 13.7A5.7 5.7 0 1 0 8 2.3a5.7 5.7 0 0 0 0 11.4zM2.3 8h11.4M8 2.3c2 1.6 2.9 3.5 2.9 5.7S10 12.1 8 13.7C6 12.1 5.1 10.2 5.1 8S6 3.9 8 2.3z',
	settings: 'M2.5 4.5h6M11.5 4.5h2M2.5 11.5h2M7.5 11.5h6M10 6.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6zM6 13.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z',
	capture: 'M1.5 8h2.8l1.6-4.5 3 9L10.7 8h3.8',
	jobs: 'M8 13.5A5.5 5.5 0 1 0 8 2.5a5.5 5.5 0 0 0 0 11zM8 5v3.2l2.2 1.5',
	search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.2 3.2',
	person: 'M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8zM2.8 13.5c.6-2.6 2.6-4 5.2-4s4.6 1.4 5.2 4',
	close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
	check: 'M3 8.5l3.2 3.2L13 4.8',
	down: 'M4 6l4 4 4-4',
	up: 'M4 10l4-4 4 4',
	plus: 'M8 3v10M3 8h10',
	copy: 'M5.5 5.5h7v8h-7zM3.5 10.5v-8h7',
	download: 'M8 2.5v7.5M4.8 7L8 10.2 11.2 7M3 13.5h10',
	upload: 'M8 10.5V3M4.8 6.2L8 3l3.2 3.2M3 13.5h10',
	replay: 'M3 8a5 5 0 1 0 1.7-3.7M3 2.5v2.8h2.8',
	filter: 'M2.5 3.5h11M4.5 8h7M6.5 12.5h3',
	star: 'M8 2.3l1.8 3.7 4 .6-2.9 2.8.7 4L8 11.5l-3.6 1.9.7-4L2.2 6.6l4-.6z',
	mute: 'M2.5 6v4h2.3L8 12.8V3.2L4.8 6zM10.5 6.3l3.4 3.4M13.9 6.3l-3.4 3.4',
	mail: 'M2.5 3.5h11v9h-11zM2.5 4.5L8 8.8l5.5-4.3',
	lock: 'M4 7.5h8v6H4zM5.5 7.5V5.3a2.5 2.5 0 0 1 5 0v2.2',
	more: 'M3.5 8h.1M8 8h.1M12.5 8h.1',
} as const;
export type IconName = keyof typeof paths;

export function Icon(props: { name: IconName }) {
	return (
		<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
			<path d={paths[props.name]} />
		</svg>
	);
}

/* The sign of the house: a look-out above a V. */
export function Mark() {
	return (
		<svg class="mark" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true" focusable="false">
			<path d="M7 10l9 14 9-14" /><circle cx="16" cy="9.5" r="2.8" />
		</svg>
	);
}
