import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Kubectl } from '../../../../src/cluster/kubectl-command.js';
import { runKubectl } from '../../../../src/tutorial/kubectl/kubectl.js';

/** Objects in a temporary folder, and the stand-in that works on them. */
export interface LessonCluster {
  readonly folder: string;
  /** Of the files `NAME.pid`. */
  readonly pods: string;
  readonly kubectl: Kubectl;
  /** Runs a command line whose words have no blanks. Returns all that is printed, then the exit code if it is not 0. */
  answer(line: string, input?: string): Promise<string>;
  /** Writes an object as the lesson's lab does. */
  write(object: StoredObject): void;
  /** Returns the parsed files by their names. */
  files(): Readonly<Record<string, unknown>>;
}

interface StoredObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

const now = new Date('2026-11-30T12:00:00Z');

/** Gives each test a cluster of its own. */
export function useLessonCluster(environment: Readonly<Record<string, string>> = {}): () => LessonCluster {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kproxy-cluster-'));
    for (const name of ['cluster', 'pods']) mkdirSync(join(root, name));
  });
  afterEach(() => rmSync(root, { recursive: true }));
  return () => lessonCluster(root, environment);
}

function lessonCluster(root: string, environment: Readonly<Record<string, string>>): LessonCluster {
  const folder = join(root, 'cluster');
  const pods = join(root, 'pods');
  const variables = { KPROXY_TUTORIAL_CLUSTER: folder, KPROXY_TUTORIAL_PODS: pods, ...environment };
  const kubectl: Kubectl = async (argv, input = '') => {
    const stdout: string[] = [];
    const stderr: string[] = [];
    const exitCode = await runKubectl(argv, {
      io: {
        stdout: text => void stdout.push(text),
        stderr: text => void stderr.push(text),
        readStdin: async () => input,
      },
      environment: variables,
      now: () => now,
    });
    return { stdout: stdout.join(''), stderr: stderr.join(''), exitCode };
  };
  return {
    folder,
    pods,
    kubectl,
    async answer(line, input) {
      const { stdout, stderr, exitCode } = await kubectl(line.split(' '), input);
      return `${stdout}${stderr}${exitCode === 0 ? '' : `exit code ${exitCode}`}`;
    },
    write(object) {
      const path = join(folder, `${object.kind.toLowerCase()}.${object.metadata.name}.json`);
      writeFileSync(path, JSON.stringify(object));
    },
    files: () =>
      Object.fromEntries(
        readdirSync(folder)
          .filter(name => name.endsWith('.json'))
          .map(name => [name, JSON.parse(readFileSync(join(folder, name), 'utf8'))]),
      ),
  };
}

const pod = (name: string, app: string, nodeName: string, podIP: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels: { app }, creationTimestamp: '2026-11-30T11:55:00Z' },
  spec: { nodeName, containers: [{ name: app, image: app, ports: [{ containerPort: 8080, protocol: 'TCP' }] }] },
  status: { phase: 'Running', podIP, podIPs: [{ ip: podIP }], conditions: [{ type: 'Ready', status: 'True' }] },
});

const node = (name: string, address: string, podCIDR: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, creationTimestamp: '2026-11-30T10:00:00Z' },
  spec: { podCIDR },
  status: { addresses: [{ type: 'InternalIP', address }] },
});

/** The objects at the lesson's beginning. */
export const lessonObjects = [
  node('inajob', '192.168.33.11', '10.244.1.0/24'),
  node('yuanying', '192.168.33.12', '10.244.2.0/24'),
  pod('web-yuanying', 'web', 'yuanying', '10.244.2.2'),
  pod('web-inajob', 'web', 'inajob', '10.244.1.3'),
  pod('client-inajob', 'client', 'inajob', '10.244.1.9'),
];

/** The user's order. */
export const webService = `apiVersion: v1
kind: Service
metadata:
  name: web-service
spec:
  selector:
    app: web
  clusterIP: 10.254.10.128
  ports:
    - port: 80
      targetPort: 8080
`;
