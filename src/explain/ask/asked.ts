import { quotedIfHostile } from '../../cluster/problems.js';
import { KproxyError } from '../../errors.js';
import { canonicalAddress } from '../../net/address.js';
import { whyNoMachine } from '../../net/unusable.js';

/** What the user asked about, before it is looked up in the cluster. */
export type Asked =
  | {
      readonly kind: 'service';
      /** Undefined if the user named none. */
      readonly namespace: string | undefined;
      readonly name: string;
      /** A port number or the name of a port. Undefined for all ports. */
      readonly port: number | string | undefined;
    }
  | { readonly kind: 'address'; readonly address: string; readonly port: number }
  /** A port on the node's own addresses. */
  | { readonly kind: 'node port'; readonly port: number };

/**
 * Parses TARGET: `[NAMESPACE/]SERVICE[:PORT]`, `svc/SERVICE`, `ADDRESS:PORT`, `[IPv6]:PORT` or `:NODEPORT`.
 * @param namespace the value of -n
 * @throws KproxyError `option-invalid`, or `options-contradict` if -n is another namespace than that of TARGET
 */
export function parseAsked(text: string, namespace?: string): Asked {
  const nodePort = /^:(\d+)$/.exec(text)?.[1];
  if (nodePort !== undefined) return { kind: 'node port', port: portNumber(nodePort, text) };
  const address = addressPart(text);
  if (address !== undefined) return parseAddress(address, text);
  return parseService(text, namespace);
}

interface AddressPart {
  readonly address: string;
  readonly port: string | undefined;
}

/** Returns the parts of a text that begins as an address does, or undefined for the name of a Service. */
function addressPart(text: string): AddressPart | undefined {
  const [, bracketed, bare, port] = /^(?:\[([^\]]*)\]|([\d.]*\.[\d.]*))(?::(.*))?$/.exec(text) ?? [];
  const address = bracketed ?? bare;
  if (address !== undefined) return { address, port };
  return canonicalAddress(text) === undefined ? undefined : { address: text, port: undefined };
}

function parseAddress({ address, port }: AddressPart, text: string): Asked {
  const canonical = canonicalAddress(address);
  if (canonical === undefined) throw invalidTarget(text, 'is not an IP address and a port');
  if (port === undefined) throw invalidTarget(text, 'has no port');
  const why = whyNoMachine(canonical);
  if (why !== undefined) throw invalidTarget(text, `${why}, which no Service has`);
  return { kind: 'address', address: canonical, port: portNumber(port, text) };
}

/** A name, with a namespace or the word `svc` before it, and a port after it. */
const servicePattern = /^(?:(?<before>[^/:]+)\/)?(?:(?<middle>[^/:]+)\/)?(?<name>[^/:]+)(?::(?<port>[^/:]+))?$/;
const resourceWords: ReadonlySet<string> = new Set(['svc', 'service', 'services']);
/** RFC 1123 label, as the API server requires for the names of namespaces, Services and their ports. */
const labelPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

function parseService(text: string, namespace: string | undefined): Asked {
  const { before, middle, name = '', port } = servicePattern.exec(text)?.groups ?? {};
  const parts = [before, middle].filter(part => part !== undefined);
  const [own, ...more] = parts.length > 0 && resourceWords.has(parts.at(-1) ?? '') ? parts.slice(0, -1) : parts;
  const words = [own, name, port].filter(word => word !== undefined);
  if (more.length > 0 || !words.every(word => labelPattern.test(word)))
    throw invalidTarget(text, 'is neither a Service nor an address and port');
  if (own !== undefined && namespace !== undefined && own !== namespace)
    throw new KproxyError({
      code: 'options-contradict',
      message: `${text} and --namespace ${quotedIfHostile(namespace)}: the target names another namespace`,
    });
  return {
    kind: 'service',
    namespace: own ?? namespace,
    name,
    port: port === undefined ? undefined : portOf(port, text),
  };
}

const portOf = (port: string, text: string): number | string => (/^\d+$/.test(port) ? portNumber(port, text) : port);

function portNumber(digits: string, text: string): number {
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port >= 1 && port <= 65535) return port;
  throw invalidTarget(text, 'has no port number from 1 to 65535');
}

const invalidTarget = (text: string, problem: string): KproxyError =>
  new KproxyError({
    code: 'option-invalid',
    message: `TARGET ${problem}: ${JSON.stringify(text)}`,
    advice: 'Give [NAMESPACE/]SERVICE[:PORT], ADDRESS:PORT, [IPv6]:PORT, or :NODEPORT.',
  });
