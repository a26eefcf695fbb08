import { commentLines, hereDocument, quoteCommand } from '../script/quote.js';
import { reasonsOf } from './reason.js';
import { type EndpointsWrite, manifestText } from './write.js';

/**
 * The writes as a POSIX script in the chapter's form, one kubectl command an object with its reason above it.
 * @param kubectlFlags what kproxy itself gives kubectl before everything else (`--context lab`)
 */
export function endpointsScript(writes: readonly EndpointsWrite[], kubectlFlags: readonly string[]): string {
  const head = `#!/bin/sh\n# The Endpoints objects that ${writes.length === 0 ? 'differ from what the Services select: none' : 'the Services ask for, as kproxy endpoints would write them now'}.\nset -eu\n`;
  return [head, ...writes.map(write => section(write, kubectlFlags))].join('\n');
}

function section(write: EndpointsWrite, kubectlFlags: readonly string[]): string {
  const sentences = [...reasonsOf(write.verdict), ...write.why.map(why => `${why}.`)];
  const command = quoteCommand(['kubectl', ...kubectlFlags, write.verb, '-f', '-']);
  return `${[...sentences.flatMap(commentLines), `${command} ${hereDocument(manifestText(write))}`].join('\n')}\n`;
}
