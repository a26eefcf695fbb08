import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/**
 * The node that kube-proxy programmed, as `kproxy snapshot` prints it: one for each situation. They are compressed,
 * because each has thousands of elements that hardly differ from those of the others.
 */
const file = fileURLToPath(new URL('kube-proxy-nodes.json.br', import.meta.url));

/** The name of a situation → the text of its snapshot. */
export type RecordedNodes = Readonly<Record<string, string>>;

export const readRecordedNodes = (): RecordedNodes => JSON.parse(brotliDecompressSync(readFileSync(file)).toString());

export function writeRecordedNodes(nodes: RecordedNodes): void {
  // The window must be larger than one snapshot.
  const params = { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS };
  writeFileSync(file, brotliCompressSync(JSON.stringify(nodes), { params }));
}
