import { KproxyError } from '../../errors.js';
import { canonicalAddress } from '../../net/address.js';
import { whyNoMachine } from '../../net/unusable.js';

/** The client that the user chose with --source. */
export type Source =
  | { readonly kind: 'node' }
  | { readonly kind: 'outside' }
  | { readonly kind: 'address'; readonly address: string }
  | {
      readonly kind: 'pod';
      /** Undefined if the user named none. */
      readonly namespace: string | undefined;
      readonly name: string;
    };

/** RFC 1123 subdomain, as the API server requires for the names of Pods. */
const podPattern = /^pods?\/(?:(?<namespace>[a-z0-9][-a-z0-9]*)\/)?(?<name>[a-z0-9][-a-z0-9.]*)$/;

/**
 * Parses the value of --source: `IP`, `pod/NAME`, `pod/NAMESPACE/NAME`, `node` or `outside`.
 * @throws KproxyError `option-invalid`
 */
export function parseSource(text: string): Source {
  if (text === 'node' || text === 'outside') return { kind: text };
  const address = canonicalAddress(text.replace(/^\[(.*)\]$/, '$1'));
  if (address !== undefined) {
    const why = whyNoMachine(address);
    if (why === undefined) return { kind: 'address', address };
    throw new KproxyError({
      code: 'option-invalid',
      message: `--source ${address} ${why}: no client has it`,
      advice: 'Give the IP address of a client, pod/NAME, node, or outside.',
    });
  }
  const { namespace, name } = podPattern.exec(text)?.groups ?? {};
  if (name !== undefined) return { kind: 'pod', namespace, name };
  throw new KproxyError({
    code: 'option-invalid',
    message: `--source is no client: ${JSON.stringify(text)}`,
    advice: 'Give an IP address, pod/NAME, node, or outside.',
  });
}
