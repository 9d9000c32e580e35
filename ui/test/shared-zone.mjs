// SPDX-License-Identifier: GPL-3.0-or-later
/* shared-zone.mjs - a zone of which many delegations rest on few: for tests. */
export function sharedZone() {
	const out = ['$ORIGIN shared.example.', '$TTL 3600', '@ SOA ns1 h 1 7200 3600 1209600 3600', '@ NS ns1', 'ns1 A 192.0.2.1'];

	for (let o = 0; o < 6; o++)
		for (let h = 0; h < 2; h++)
			out.push(`ns${h}.op${o} A 198.51.${o >> 1}.${10 * o + h + 1}`);
	for (let i = 0; i < 120; i++) {
		const o = Math.floor(Math.sqrt(i) / 2), second = i % 4 ? o : (o + 1) % 6;

		out.push(`d${i} NS ns0.op${o}.shared.example.`, `d${i} NS ns1.op${second}.shared.example.`);
	}
	return out.join('\n') + '\n';
}
