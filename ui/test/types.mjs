// SPDX-License-Identifier: GPL-3.0-or-later
/* types.mjs - does the page fit the server? The server's description becomes types
 * (src/api.gen.d.ts), and the page is compiled against them.
 *
 * Usage: node types.mjs PATH-OF-VEDETTE */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serve, top } from './server.mjs';

const ui = join(top, 'ui');
const s = await serve(process.argv[2] ?? join(top, 'build/vedette'), { empty: true });
try {
	writeFileSync(join(ui, 'api.json'), JSON.stringify(await (await fetch(s.url + '/api/v1/openapi.json')).json()));
} finally {
	await s.stop();
}
const run = (...args) => execFileSync(process.execPath, args, { cwd: ui, stdio: 'inherit' });
run('node_modules/openapi-typescript/bin/cli.js', 'api.json', '-o', 'src/api.gen.d.ts');
run('node_modules/typescript/bin/tsc', '--noEmit');
