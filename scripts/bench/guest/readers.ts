// What any Node program pays that reads a node and a cluster, and does nothing with either.
import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import { readers } from '../readers.js';

const printed = readers.map(([program = '', ...rest]) => execa(program, rest, { cleanup: false, stdin: 'ignore' }));
JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
await Promise.all(printed);
