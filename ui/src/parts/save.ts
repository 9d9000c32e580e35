// SPDX-License-Identifier: GPL-3.0-or-later
/* save.ts - octets as a file of the reader's. */
export function save(octets: Blob, name: string): void {
	const a = document.createElement('a');

	a.href = URL.createObjectURL(octets);
	a.download = name;
	document.body.append(a);
	a.click();
	a.remove();
	setTimeout(() => URL.revokeObjectURL(a.href), 10000);
}
/* The name that the server gives it. */
export const named = (r: Response, otherwise: string) => /filename="?([^";]+)/.exec(r.headers.get('Content-Disposition') ?? '')?.[1] ?? otherwise;
