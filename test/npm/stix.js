// SPDX-License-Identifier: GPL-3.0-or-later
// stix.js - holds STIX bundles against the JSON schemas of OASIS and against rules of the
// standard that no schema can say.
//
//   node stix.js SCHEMAS FOLDER    SCHEMAS: .../schemas of cti-stix2-json-schemas
//
// Each object is held against the schema of its type, each file against that of a bundle less
// its list of objects (whose oneOf refuses notes and groupings of any make: they match both of
// its last two branches). Then: every reference leads somewhere, ids are there once and those
// of observables are made as section 2.9 says, times are in order. A line for each fault;
// status 1 when there was one.
'use strict';
const fs = require('fs'), path = require('path'), crypto = require('crypto');
const Ajv = require('ajv/dist/2020'), formats = require('ajv-formats');

const [schemas, folder] = process.argv.slice(2);
// The patterns escape what Unicode expressions do not let one escape.
const ajv = new Ajv({ strict: false, unicodeRegExp: false, allErrors: false });
formats(ajv);
// RFC 5890 by its outer form: what of it DNS can have.
ajv.addFormat('idn-hostname', text => text.length <= 253 &&
  text.replace(/\.$/, '').split('.').every(l => /^[\w\u0080-\uffff-]{1,63}$/.test(l)));

const byType = new Map();
for (const group of ['common', 'observables', 'sdos', 'sros'])
  for (const name of fs.readdirSync(path.join(schemas, group))) {
    const schema = JSON.parse(fs.readFileSync(path.join(schemas, group, name)));
    if (name === 'bundle.json')
      delete schema.properties.objects.items;
    ajv.addSchema(schema);
    byType.set(path.basename(name, '.json'), schema.$id);
  }

let faults = 0;
function fault(file, where, what) {
  if (++faults <= 20)
    console.log(`${file}: ${where}: ${what}`.slice(0, 500));
}

function check(file, type, o) {
  const id = byType.get(type), valid = id && ajv.getSchema(id);
  if (!valid)
    return fault(file, o.id, `there is no schema of type ${type}`);
  if (!valid(o)) {
    const e = valid.errors[0];
    fault(file, o.id, `${e.instancePath} ${e.message}: ${JSON.stringify(o)}`);
  }
}

// UUIDv5 of the properties that make an observable what it is, as RFC 8785 writes them.
function observableId(o) {
  const name = o.type === 'file' ? { hashes: o.hashes }
    : o.type === 'autonomous-system' ? { number: o.number } : { value: o.value };
  const space = Buffer.from('00abedb4aa42466c9c01fed23315a9b7', 'hex');
  const h = crypto.createHash('sha1').update(space).update(JSON.stringify(name)).digest();
  h[6] = h[6] & 0x0f | 0x50;
  h[8] = h[8] & 0x3f | 0x80;
  const x = h.toString('hex');
  return `${o.type}--${x.slice(0, 8)}-${x.slice(8, 12)}-${x.slice(12, 16)}-` +
    `${x.slice(16, 20)}-${x.slice(20, 32)}`;
}

const observables = ['domain-name', 'ipv4-addr', 'ipv6-addr', 'url', 'email-addr',
  'autonomous-system', 'file'];

function ordered(file, o, before, after, equal) {
  const a = Date.parse(o[before]), b = Date.parse(o[after]);
  if (o[before] && o[after] && (b < a || (b === a && !equal && o[before] >= o[after])))
    fault(file, o.id, `${after} is not after ${before}`);
}

function rules(file, bundle) {
  const objects = bundle.objects || [], ids = new Set(objects.map(o => o.id));
  if (ids.size !== objects.length)
    fault(file, bundle.id, 'an id twice');
  for (const o of objects) {
    for (const [key, value] of Object.entries(o)) {
      const refs = /_ref$/.test(key) ? [value] : /_refs$/.test(key) ? value : [];
      for (const ref of refs)
        if (!ids.has(ref))
          fault(file, o.id, `${key}: ${ref} is not in the bundle`);
    }
    for (const id of Object.keys(o.extensions || {}))
      if (o.type !== 'marking-definition' && !ids.has(id))
        fault(file, o.id, `${id} is not in the bundle`);
    if (observables.includes(o.type) && o.id !== observableId(o))
      fault(file, o.id, `should be ${observableId(o)}`);
    ordered(file, o, 'created', 'modified', true);
    ordered(file, o, 'valid_from', 'valid_until', false);
    ordered(file, o, 'first_observed', 'last_observed', true);
    ordered(file, o, 'first_seen', 'last_seen', true);
  }
}

let objects = 0;
const types = {}, files = fs.readdirSync(folder).filter(f => f.endsWith('.json'));
for (const file of files) {
  const bundle = JSON.parse(fs.readFileSync(path.join(folder, file)));
  check(file, 'bundle', bundle);
  for (const o of bundle.objects || []) {
    check(file, o.type, o);
    types[o.type] = (types[o.type] || 0) + 1;
    objects++;
  }
  rules(file, bundle);
}
console.log(`${files.length} bundles, ${objects} objects, ${faults} faults; ` +
  Object.entries(types).sort().map(([t, n]) => `${n} ${t}`).join(', '));
process.exit(faults || !objects ? 1 : 0);
