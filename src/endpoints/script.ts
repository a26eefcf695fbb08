import { commentLine, hereDocument, quoteCommand } from '../script/quote.js';
import { reasonsOf } from './reason.js';
import { type EndpointsWrite, manifestText } from './write.js';

/**
 * Returns the writes as a POSIX script in the tutorial's form: one kubectl command for each object, with its reason
 * above it.
 * @param kubectlFlags flags that stand before kubectl's verb (`--context lab`)
 */
export function endpointsScript(writes: readonly EndpointsWrite[], kubectlFlags: readonly string[]): string {
  const title =
    writes.length === 0
      ? 'Every Endpoints object is up to date: there is nothing to write.'
      : 'The Endpoints objects that are missing or out of date, as kproxy endpoints would write them now.';
  const head = `#!/bin/sh\n# ${title}\nset -eu\n`;
  return [head, ...writes.map(write => section(write, kubectlFlags))].join('\n');
}

function section(write: EndpointsWrite, kubectlFlags: readonly string[]): string {
  const sentences = [...reasonsOf(write.decision), ...write.reasons];
  const command = quoteCommand(['kubectl', ...kubectlFlags, write.verb, '-f', '-']);
  return `${[...sentences.map(commentLine), `${command} ${hereDocument(manifestText(write))}`].join('\n')}\n`;
}
