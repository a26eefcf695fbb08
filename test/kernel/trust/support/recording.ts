import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type NodeDump, readDump } from './node-dump.js';

const folder = fileURLToPath(new URL('../kube-proxy/', import.meta.url));

/** What kube-proxy left in the kernel for the Services of shop.ts. The test with the real kube-proxy writes it anew where KPROXY_RECORD=1 is set. */
export const readRecording = (): NodeDump => readDump(folder);

export function writeRecording(dump: NodeDump): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(dump)) writeFileSync(`${folder}${name}`, text);
}
