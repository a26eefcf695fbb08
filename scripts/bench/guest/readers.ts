// Starts the tools that read a node, parses the cluster's List, and does nothing with either: the cost of any Node
// program.
import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import { readers } from '../readers.js';

const processes = readers.map(([program = '', ...rest]) => execa(program, rest, { cleanup: false, stdin: 'ignore' }));
JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
await Promise.all(processes);
