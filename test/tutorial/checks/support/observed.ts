import { kernelAnswerOf } from '../../../../src/tutorial/observe/kernel-answer.js';
import type { KernelAnswer, Observed, Said } from '../../../../src/tutorial/observe/observed.js';
import { nothing } from '../../observe/support/moments.js';

const emptyAnswer: KernelAnswer = kernelAnswerOf(nothing);

interface Parts {
  readonly inajob?: Partial<KernelAnswer>;
  readonly yuanying?: Partial<KernelAnswer>;
  readonly objects?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly said?: readonly Said[];
  readonly rootShells?: Observed['rootShells'];
}

/** Returns an observation of machines that have nothing but these parts. */
export const observed = ({ inajob, yuanying, objects = {}, said = [], rootShells = new Set() }: Parts): Observed => ({
  workers: { inajob: { ...emptyAnswer, ...inajob }, yuanying: { ...emptyAnswer, ...yuanying } },
  objects: new Map(Object.entries(objects)),
  said,
  rootShells,
});

export const said = (on: Said['on'], output: string): Said => ({ on, line: 'a command', output, exitCode: 0 });

export const setsOf = (sets: Readonly<Record<string, readonly string[]>>, type = 'hash:ip,port') => ({
  sets: new Map(Object.entries(sets).map(([name, entries]) => [name, { type, entries }])),
});

/** Returns chains by `TABLE CHAIN` with the texts of their rules. */
export const chainsOf = (chains: Readonly<Record<string, readonly string[]>>) => ({
  chains: new Map(
    Object.entries(chains).map(([name, rules]) => [
      name,
      {
        policy: / [A-Z]+$/.test(name) ? 'ACCEPT' : undefined,
        rules: rules.map(text => ({ text, packets: 0 })),
      },
    ]),
  ),
});

export const linksOf = (links: Readonly<Record<string, readonly string[]>>, type = 'dummy') => ({
  links: new Map(Object.entries(links).map(([name, addresses]) => [name, { type, isUp: true, addresses }])),
});

interface RealParts {
  readonly forwarding?: string;
  readonly weight?: number;
}

/** Returns virtual servers of scheduler rr with their real servers. */
export const serversOf = (
  servers: Readonly<Record<string, Readonly<Record<string, RealParts>>>>,
  options: { readonly scheduler?: string; readonly isPersistent?: true; readonly connections?: number } = {},
) => ({
  virtualServers: new Map(
    Object.entries(servers).map(([name, real]) => [
      name,
      {
        scheduler: 'rr',
        connections: 0,
        ...options,
        realServers: new Map(
          Object.entries(real).map(([address, parts]) => [
            address,
            { forwarding: 'Masq', weight: 1, active: 0, inactive: 0, connections: 0, ...parts },
          ]),
        ),
      },
    ]),
  ),
});

export const serviceObject = (clusterIP: string, port = 80) => ({
  spec: { clusterIP, ports: [{ port, targetPort: 8080 }] },
});

export const endpointsObject = (
  addresses: readonly string[],
  { port = 8080, notReady = [] }: { readonly port?: number; readonly notReady?: readonly string[] } = {},
) => ({
  subsets: [
    {
      addresses: addresses.map(ip => ({ ip, nodeName: 'inajob' })),
      notReadyAddresses: notReady.map(ip => ({ ip })),
      ports: [{ port, protocol: 'TCP' }],
    },
  ],
});
