import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type NodeDump, readDump } from './node-dump.js';

const folder = fileURLToPath(new URL('../kube-proxy/', import.meta.url));

/**
 * The kernel's state that kube-proxy left for the Services of shop.ts. The test with the real kube-proxy records it if
 * KPROXY_RECORD=1 is set.
 */
export const readRecording = (): NodeDump => readDump(folder);

export function writeRecording(dump: NodeDump): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(dump)) writeFileSync(`${folder}${name}`, text);
}
