import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

type KubernetesObject = Readonly<Record<string, unknown>>;

/** A client of the API server that writes what kubelets, controllers and users would write. */
export interface Api {
  /** @throws Error with the API server's answer if it refuses */
  get(path: string): Promise<unknown>;
  /** @param writer the User-Agent, from which the API server takes the name in `managedFields` */
  create(path: string, object: KubernetesObject, writer: string): Promise<void>;
  /** Changes a part of an object with a strategic merge patch, as a kubelet does. */
  patch(path: string, part: KubernetesObject, writer: string): Promise<void>;
  close(): void;
}

const requestMilliseconds = 60_000;

/** @param kubeconfig path of the file that scripts/control-plane.sh has written */
export function connectApi(kubeconfig: string): Api {
  const { server, token } = credentialsOf(kubeconfig);
  const agent = new Agent({ keepAlive: true, maxSockets: 8, rejectUnauthorized: false });
  const send = (method: string, path: string, options: SendOptions = {}) =>
    sendRequest(
      new URL(path, server),
      method,
      { authorization: `Bearer ${token}`, ...options.headers },
      agent,
      options.body,
    );
  const write = async (method: string, path: string, type: string, object: KubernetesObject, writer: string) => {
    const headers = { 'content-type': type, 'user-agent': writer };
    await send(method, path, { headers, body: JSON.stringify(object) });
  };
  return {
    get: async path => JSON.parse(await send('GET', path)),
    create: (path, object, writer) => write('POST', path, 'application/json', object, writer),
    patch: (path, part, writer) => write('PATCH', path, 'application/strategic-merge-patch+json', part, writer),
    close: () => agent.destroy(),
  };
}

interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function credentialsOf(kubeconfig: string): { readonly server: string; readonly token: string } {
  const text = readFileSync(kubeconfig, 'utf8');
  const quoted = (key: string): string => new RegExp(`\\b${key}: "([^"]+)"`).exec(text)?.[1] ?? '';
  return { server: quoted('server'), token: quoted('token') };
}

function sendRequest(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  agent: Agent,
  body: string | undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent, timeout: requestMilliseconds }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', part => {
        text += part;
      });
      response.on('error', reject).on('end', () => {
        if ((response.statusCode ?? 500) < 300) resolve(text);
        else reject(new Error(`${method} ${url.pathname}: ${response.statusCode}: ${text.trim()}`));
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`${method} ${url.pathname}: no answer in time`)));
    sent.on('error', reject).end(body);
  });
}

/** Runs the work for every item, eight at a time. */
export async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}
