import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lessonObjects, useLessonCluster, webService } from './support/lesson-cluster.js';

/** What the stand-in does otherwise than the real kubectl, or says in its own words. */
const cluster = useLessonCluster();

async function answer(line: string, input?: string): Promise<string> {
  for (const object of lessonObjects) cluster().write(object);
  return cluster().answer(line, input);
}

const standIn =
  "error: this kubectl is the lesson's stand-in: the cluster's objects are files, and there is no API server, so it " +
  'has';

describe('what a stand-in cannot do is refused', () => {
  test.each(['logs web-inajob -f', 'exec -it web-inajob -- sh', 'explain service.spec', 'run x --image=y'])(
    '%s',
    async line => {
      expect(await answer(line)).toMatch(
        new RegExp(`^${standIn.replaceAll('.', '\\.')} no "kubectl ${line.split(' ')[0]}"\\.\n`),
      );
    },
  );

  test.each([
    ['get pod -w', 'cannot watch'],
    ['proxy --port=0', 'listens only on --unix-socket'],
    ['apply -k .', 'has no kustomize'],
    ['apply -f https://example.com/x.yaml', 'reads no URL'],
    ['apply --server-side -f -', 'has no --server-side'],
    ['create service clusterip x --tcp=80', 'so it has no "kubectl create service"'],
    ['config set-context x', 'has one context'],
    ['get pod -o go-template={{.}}', 'allowed formats are: custom-columns,json,jsonpath,name,wide,yaml'],
    ['get deployments', 'error: the server doesn\'t have a resource type "deployments"'],
    ['get pod --context other', 'error: context "other" does not exist'],
    ['delete ns default', 'namespaces cannot be changed'],
  ])('%s: %s', async (line, words) => {
    const refused = await answer(line, webService);
    expect(refused).toContain(words);
    expect(refused).toMatch(/^error: .*\n(.*\n)*exit code 1$/);
  });
});

test('a mistyped command is guessed', async () => {
  expect(await answer('aply -f x')).toBe(
    'error: unknown command "aply" for "kubectl"\n\nDid you mean this?\n\tapply\n\nexit code 1',
  );
});

test('help says what it can do', async () => {
  const help = await answer('--help');
  expect(help).toContain("This kubectl is the lesson's stand-in");
  expect(await answer('get --help')).toBe(help);
});

test('without its folder it says where it works', async () => {
  const { runKubectl } = await import('../../../src/tutorial/kubectl/kubectl.js');
  const said: string[] = [];
  const io = { stdout: () => {}, stderr: (text: string) => void said.push(text), readStdin: async () => '' };
  expect(await runKubectl(['get', 'pod'], { io, environment: {}, now: () => new Date() })).toBe(1);
  expect(said).toEqual([
    'error: this is the kubectl of the machines of "kproxy tutorial", and there is no cluster here. To start the ' +
      'lesson, run: kproxy tutorial\n',
  ]);
});

test('YAML that cannot be parsed is refused with the line, and nothing is written', async () => {
  const before = cluster().files();
  expect(await cluster().answer('apply -f -', 'apiVersion: v1\nkind: [Service\n')).toMatch(
    /^error: error parsing STDIN: error converting YAML to JSON: line 3: .*\nexit code 1$/,
  );
  expect(cluster().files()).toEqual(before);
});

test('a folder is read file by file, in the order of the names', async () => {
  const folder = join(cluster().pods, 'manifests');
  mkdirSync(folder);
  writeFileSync(join(folder, 'b.yaml'), webService);
  writeFileSync(join(folder, 'a.json'), JSON.stringify({ ...lessonObjects[2], metadata: { name: 'new' } }));
  writeFileSync(join(folder, 'notes.txt'), 'not: read');
  expect(await answer(`apply -f ${folder}`)).toBe('pod/new created\nservice/web-service created\n');
});

test('a Service without a cluster IP gets a free one, the same each time', async () => {
  const order = webService.replace(/.*clusterIP.*\n/, '');
  await answer('apply -f -', order);
  await cluster().answer('apply -f -', order.replace('web-service', 'other'));
  const shown = await cluster().answer('get svc -o jsonpath={.items[*].spec.clusterIP}');
  const [first, second] = shown.split(' ');
  expect(shown).toMatch(/^10\.254\.(12[89]|1[3-9]\d|2\d\d)\.\d+ 10\.254\.(12[89]|1[3-9]\d|2\d\d)\.\d+$/);
  expect(first).not.toBe(second);
  await cluster().answer('delete svc --all');
  await cluster().answer('apply -f -', order);
  expect(await cluster().answer('get svc -o jsonpath={.items[*].spec.clusterIP}')).toBe(second);
});

test('a Service that becomes a NodePort gets a port, and gives it back', async () => {
  await answer('apply -f -', webService);
  const patch = (type: string) =>
    cluster().kubectl(['patch', 'svc', 'web-service', '-p', `{"spec":{"type":"${type}"}}`]);
  const ports = () => cluster().answer('get svc web-service -o jsonpath={.spec.ports}');
  await patch('NodePort');
  expect(await ports()).toMatch(/^\[\{"nodePort":3[0-2]\d{3},"port":80,"protocol":"TCP","targetPort":8080\}\]$/);
  await patch('ClusterIP');
  expect(await ports()).toBe('[{"port":80,"protocol":"TCP","targetPort":8080}]');
});

test('a Pod cannot move', async () => {
  await answer('get pod');
  const { stderr } = await cluster().kubectl(['patch', 'pod', 'web-inajob', '-p', '{"spec":{"nodeName":"yuanying"}}']);
  expect(stderr).toMatch(/^The Pod "web-inajob" is invalid: spec: Forbidden: pod updates may not change fields/);
});

test('a new Pod stays pending: no scheduler and no kubelet is at work', async () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'new' },
    spec: { containers: [{ name: 'a', image: 'b' }] },
  };
  expect(await answer('apply -f -', JSON.stringify(pod))).toBe('pod/new created\n');
  expect(await cluster().answer('get pod new --no-headers -o wide')).toBe(
    'new   0/1   Pending   0     0s    <none>   <none>   <none>   <none>\n',
  );
});

test('an index outside of a list is an error', async () => {
  expect(await answer('get pod -o jsonpath={.items[5].metadata.name}')).toBe(
    'error: error executing jsonpath "{.items[5].metadata.name}": Error executing template: ' +
      'array index out of bounds: index 5, length 3\nexit code 1',
  );
});

test('the endpoints of a Service are described from the Endpoints object', async () => {
  await answer('apply -f -', webService);
  const subsets = [{ addresses: [{ ip: '10.244.1.3' }, { ip: '10.244.2.2' }], ports: [{ port: 8080 }] }];
  const endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'web-service' }, subsets };
  await cluster().answer('apply -f -', JSON.stringify(endpoints));
  expect(await cluster().answer('describe svc web-service')).toMatch(
    /^Endpoints: {16}10.244.1.3:8080,10.244.2.2:8080$/m,
  );
});

test('a Pod and a node are described with what says anything about a Service', async () => {
  expect(await answer('describe pod web-inajob')).toBe(`Name:         web-inajob
Namespace:    default
Node:         inajob
Labels:       app=web
Annotations:  <none>
Status:       Running
IP:           10.244.1.3
IPs:
  IP:  10.244.1.3
Containers:
  web:
    Image:  web
    Port:   8080/TCP
    Ready:  True
Conditions:
  Type   Status
  Ready  True 
Events:  <none>
`);
  expect(await answer('describe node yuanying')).toBe(`Name:         yuanying
Roles:        <none>
Labels:       <none>
Annotations:  <none>
Addresses:
  InternalIP:         192.168.33.12
PodCIDR:              10.244.2.0/24
Non-terminated Pods:  (1 in total)
  Namespace           Name          Age
  ---------           ----          ---
  default             web-yuanying  5m
Events:               <none>
`);
});

test('more than three endpoints are counted', async () => {
  const addresses = [1, 2, 3, 4, 5].map(number => ({ ip: `10.244.1.${number}` }));
  const subsets = [{ addresses, ports: [{ port: 80 }] }];
  await answer(
    'apply -f -',
    JSON.stringify({ apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'many' }, subsets }),
  );
  expect(await cluster().answer('get ep many --no-headers')).toBe(
    'many   10.244.1.1:80,10.244.1.2:80,10.244.1.3:80 + 2 more...   0s\n',
  );
});

test('control characters of an object do not reach the terminal', async () => {
  const note = 'a\u001b[31mb\u009bc';
  cluster().write({ kind: 'Pod', metadata: { name: 'odd', annotations: { note }, labels: { app: note } } } as never);
  const shown = await Promise.all(
    ['get pod --show-labels', 'get pod odd -o yaml', 'get pod odd -o json', 'describe pod odd'].map(line =>
      cluster().answer(line),
    ),
  );
  expect(shown.join('')).toMatch(/^[\n\x20-\x7e]+$/);
});
