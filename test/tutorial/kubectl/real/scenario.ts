/** A kubectl command as a learner could type it. Several are run one after another on one cluster. */
export interface Command {
  readonly argv: readonly string[];
  /** For `-f -`. */
  readonly input?: string;
  /** The command of EDITOR. */
  readonly editor?: string;
}

const order = `apiVersion: v1
kind: Service
metadata:
  name: web-service
  namespace: default
spec:
  selector:
    app: web
  clusterIP: 10.254.10.128
  ports:
    - port: 80
      targetPort: 8080
`;

/** As the chapter writes it. */
const list = `apiVersion: v1
kind: Endpoints
metadata:
  name: web-service
subsets:
- addresses:
  - ip: 10.244.2.2
    nodeName: yuanying
  - ip: 10.244.1.3
    nodeName: inajob
  ports:
  - port: 8080
    protocol: TCP
`;

const warehouse = `apiVersion: v1
kind: Service
metadata:
  name: warehouse
spec:
  clusterIP: 10.254.10.129
  ports:
    - name: http
      port: 80
      targetPort: 8080
---
apiVersion: v1
kind: Endpoints
metadata:
  name: warehouse
subsets:
  - addresses:
      - ip: 192.168.33.50
    ports:
      - name: http
        port: 8080
`;

const words = (line: string): readonly string[] => line.split(' ');
const command = (line: string, input?: string, editor?: string): Command => ({
  argv: words(line),
  ...(input === undefined ? {} : { input }),
  ...(editor === undefined ? {} : { editor }),
});

/** A Service of these lines below `spec`. */
const service = (name: string, ...lines: readonly string[]): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec:\n${lines.map(line => `  ${line}\n`).join('')}`;

/** A Service that has the field instead of what it replaces. */
const serviceWith = (from: string, to: string): string => order.replace(from, to).replace('web-service', 'other');

/** Columns of fields that the API server fills in. */
const defaults =
  'N:.metadata.name,F:.spec.ipFamilies,P:.spec.ipFamilyPolicy,E:.spec.externalTrafficPolicy,' +
  'I:.spec.internalTrafficPolicy,A:.spec.sessionAffinity,S:.spec.allocateLoadBalancerNodePorts';

const looking: readonly Command[] = [
  command('get pod'),
  command('get pods -o wide'),
  command('get po -o wide --show-labels'),
  command('get pod --show-labels'),
  command('get pod -l app=web -o wide'),
  command('get pod -l app!=web'),
  command('get pod --selector=app'),
  command('get pod -l !app'),
  { argv: ['get', 'pod', '-l', 'app in (web, client)'] },
  { argv: ['get', 'pod', '-l', 'app notin (web)', '-o', 'name'] },
  command('get pod -l app=web,tier=front'),
  command('get pod -l app=web,'),
  command('get pod -l app=we/b/x'),
  { argv: ['get', 'pod', '-l', 'app in web'] },
  command('get pod -L app'),
  command('get pod -Lapp,tier -o wide'),
  command('get pod web-inajob'),
  command('get pod web-yuanying client-inajob'),
  command('get pod/web-yuanying service/web-service'),
  command('get pod/web-yuanying pod/client-inajob'),
  command('get pod web-inajob nobody'),
  command('get pod nobody'),
  command('get pod nobody --ignore-not-found'),
  command('get pod --no-headers'),
  command('get pod -n default'),
  command('get pod -n other'),
  command('get pod -A'),
  command('get pod -A -o wide --no-headers'),
  command('get pod --field-selector spec.nodeName=inajob'),
  command('get pod --field-selector metadata.name!=web-inajob,status.phase=Running'),
  command('get pod --field-selector spec.color=red'),
  command('get pod --sort-by=.status.podIP'),
  command('get service'),
  command('get services'),
  command('get svc -o wide'),
  command('get service -o name'),
  command('get svc -A'),
  command('get svc,ep'),
  command('get svc,pod -l app=web'),
  command('get ep,svc web-service'),
  command('get all'),
  command('get all -l app=nothing'),
  command('get endpoints'),
  command('get ep -l app=web'),
  command('get endpointslices'),
  command('get nodes'),
  command('get node inajob -o wide'),
  command('get no --show-labels'),
  command('get node -l kubernetes.io/hostname=inajob -o name'),
  command('get service web-service -o yaml'),
  command('get service web-service -o json'),
  command('get service -o yaml -l app=nothing'),
  command('get service web-service -o jsonpath={.spec.clusterIP}'),
  { argv: ['get', 'pod', '-o', 'jsonpath={.items[*].status.podIP}'] },
  { argv: ['get', 'pod', '-o', 'jsonpath={range .items[*]}{.metadata.name}{"\\t"}{.status.podIP}{"\\n"}{end}'] },
  { argv: ['get', 'svc', 'web-service', '-o', 'jsonpath={.spec.ports[0].port}:{.spec.selector}'] },
  { argv: ['get', 'svc', 'web-service', '-o', "jsonpath={.metadata.labels['app']}x{..port}"] },
  { argv: ['get', 'pod', '-o', 'jsonpath={.items[?(@.metadata.labels.app=="web")].metadata.name}'] },
  { argv: ['get', 'svc', 'web-service', '-o', 'jsonpath={.spec'] },
  command('get pod -o custom-columns=NAME:.metadata.name,IP:.status.podIP,TIER:.metadata.labels.tier'),
  command('get'),
  command('get nonsense'),
  command('get pod,nonsense'),
  command('get pod --nonsense'),
  command('get pod -z'),
  command('get pod -o'),
  command('get pod/web-inajob web-yuanying'),
  command('get pod web-inajob -l app=web'),
  command('nonsense'),
  command('get -f -', order),
  command('get -f - -o name', list),
  command('get pod -owide -lapp=web'),
  command('get pod -o=name -n=default'),
  command('--namespace default get pod --output name'),
  command('get pod,svc -o name'),
  command('get pod,svc -o yaml -l app=nothing'),
  command('get pod -n other -o name'),
  command('get pod -n other -o json'),
  command('get node -l app=web'),
  command('get Pod/web-inajob -o name'),
  command('get svc web-service nobody -o jsonpath={.items[*].metadata.name}'),
  command('get svc web-service -o jsonpath={.spec.nothing}'),
  command('get pod -o jsonpath={.items[-1].metadata.name}'),
  command('get pod -o jsonpath={.items[0:2].metadata.name}'),
  {
    argv: [
      'get',
      'svc',
      'web-service',
      '-o',
      "jsonpath={.metadata.name}{'\\n'}{.spec['ports'][*]['port','targetPort']}",
    ],
  },
  command('get --raw /api/v1/nonsense'),
  command('get --raw /api/v1/namespaces/default/services/nobody'),
  command('get --raw api/v1'),
  command('label pod web-inajob --list'),
  command('describe pod nobody'),
  command('describe svc web-service'),
  command('describe svc -l app=nothing'),
  command('describe'),
  command('edit svc web-service', undefined, 'true'),
  command('config current-context --nonsense'),
];

const writing: readonly Command[] = [
  command('apply -f -', order),
  command('apply -f -', order.replace('targetPort: 8080', 'targetPort: 8081')),
  command('apply -f -', order),
  command('get svc web-service -o yaml'),
  command('get ep web-service'),
  command('apply -f -', list),
  command('apply -f -', list),
  command('get endpoints web-service'),
  command('get endpoints web-service -o yaml'),
  command('get ep web-service --no-headers'),
  command('apply -f -', list.replace(/- ip: 10.244.2.2\n {4}nodeName: yuanying\n {2}/, '')),
  command('get endpoints web-service'),
  command('apply -f -', list),
  command('create -f -', list),
  command('create -f -', warehouse),
  command('get svc,ep warehouse'),
  command('get svc warehouse -o wide'),
  command('apply -f -', warehouse),
  command('apply -f -', warehouse),
  command('replace -f -', warehouse.split('---\n')[1] ?? ''),
  command('replace -f -', list.replace('name: web-service', 'name: nobody')),
  command('label pod web-yuanying app=wbe'),
  command('label pod web-yuanying app=wbe --overwrite'),
  command('label pod web-yuanying app=wbe --overwrite'),
  command('get pod -l app=web -o wide'),
  command('get pod --show-labels'),
  command('label --overwrite pod web-yuanying app=web tier=front'),
  command('label pod/web-yuanying tier-'),
  command('label pod/web-yuanying tier-'),
  command('label pod web-yuanying'),
  command('label pod web-yuanying app=we/b --overwrite'),
  command('label pod web-yuanying a/b/c=x'),
  command('label pod nobody app=web'),
  command('label pod -l app=web tier=back'),
  command('label pods --all tier-'),
  command('label pod web-yuanying app=x app-'),
  command('label pod app=web'),
  command('label svc web-service color=red'),
  command('annotate pod web-yuanying note=x'),
  command('annotate pod web-yuanying note=y'),
  command('annotate pod web-yuanying note-'),
  { argv: ['patch', 'svc', 'web-service', '-p', '{"spec":{"selector":{"app":"wbe"}}}'] },
  { argv: ['patch', 'svc', 'web-service', '-p', '{"spec":{"selector":{"app":"wbe"}}}'] },
  command('get svc web-service -o wide'),
  { argv: ['patch', 'service/web-service', '--type=merge', '-p', '{"spec":{"selector":{"app":"web"}}}'] },
  { argv: ['patch', 'svc', 'web-service', '--type', 'json', '-p', '[{"op":"remove","path":"/metadata/labels"}]'] },
  { argv: ['patch', 'svc', 'web-service', '-p', '{"spec":'] },
  {
    argv: [
      'patch',
      'svc',
      'web-service',
      '-p',
      '{"spec":{"clusterIP":"10.254.10.200","clusterIPs":["10.254.10.200"]}}',
    ],
  },
  command('patch svc web-service'),
  command('apply -f -', serviceWith('10.254.10.128', '10.254.10.128')),
  command('apply -f -', serviceWith('10.254.10.128', '10.96.0.1')),
  command('apply -f -', serviceWith('10.254.10.128', '10.254.10')),
  command('apply -f -', serviceWith('port: 80\n', 'port: 80000\n').replace('10.254.10.128', '10.254.10.130')),
  command('apply -f -', serviceWith('port: 80\n', 'port: eighty\n').replace('10.254.10.128', '10.254.10.130')),
  command('apply -f -', serviceWith('selector:', 'selektor:').replace('10.254.10.128', '10.254.10.130')),
  command('apply -f -', service('Web_Service', 'ports: [{port: 80}]')),
  command('apply -f -', service('1web', 'ports: [{port: 80}]')),
  command('apply -f -', service('a.b', 'ports: [{port: 80}]')),
  command('apply -f -', service('a'.repeat(64), 'ports: [{port: 80}]')),
  command('apply -f -', service('two-ports', 'ports: [{port: 80}, {port: 81}]')),
  command('apply -f -', service('two-ports', 'ports: [{port: 80, name: a}, {port: 80, name: b}]')),
  command('apply -f -', service('two-ports', 'ports: [{port: 80, name: a}, {port: 81, name: a}]')),
  command('apply -f -', service('bad-port', 'ports: [{port: 80, name: A_b}]')),
  command('apply -f -', service('bad-port', 'ports: [{port: 80, targetPort: 0}]')),
  command('apply -f -', service('bad-port', 'ports: [{port: 80, targetPort: no_name}]')),
  command('apply -f -', service('bad-port', 'ports: [{port: 80, protocol: HTTP}]')),
  command('apply -f -', service('bad-port', 'ports: [{port: 80, nodePort: 30080}]')),
  command('apply -f -', service('bad-port', 'type: NodePort', 'ports: [{port: 80, nodePort: 80}]')),
  command('delete service bad-port'),
  command('apply -f -', service('bad-type', 'type: Nonsense', 'ports: [{port: 80}]')),
  command('apply -f -', service('bad-scalar', 'ports: {port: 80}')),
  command('apply -f -', service('bad-scalar', 'selector: [web]', 'ports: [{port: 80}]')),
  command('apply -f -', service('bad-scalar', 'selector: {app: 1}', 'ports: [{port: 80}]')),
  command('apply -f -', service('node-port', 'type: NodePort', 'ports: [{port: 80, nodePort: 30080}]')),
  command('apply -f -', service('node-port-2', 'type: NodePort', 'ports: [{port: 80, nodePort: 30080}]')),
  command('apply -f -', service('headless', 'clusterIP: None', 'selector: {app: web}')),
  command('apply -f -', service('outside', 'type: ExternalName', 'externalName: example.com')),
  command('apply -f -', service('outside-2', 'type: ExternalName')),
  command(
    'apply -f -',
    service(
      'balanced',
      'type: LoadBalancer',
      'clusterIP: 10.254.10.7',
      'externalIPs: [192.0.2.1]',
      'ports: [{port: 80, nodePort: 30081}]',
    ),
  ),
  command(
    'apply -f -',
    service(
      'balanced-2',
      'type: LoadBalancer',
      'clusterIP: 10.254.10.8',
      'ports: [{port: 53, protocol: UDP, nodePort: 30082, name: dns}, {port: 54, name: x, nodePort: 30083}]',
    ),
  ),
  command(`get svc node-port headless outside balanced balanced-2 -o custom-columns=${defaults}`),
  command('get svc headless outside balanced balanced-2'),
  command('get svc headless -o yaml'),
  command('get svc outside -o yaml'),
  command('get svc balanced-2 -o yaml'),
  command('apply -f -', service('balanced', 'clusterIP: 10.254.10.7', 'ports: [{port: 80}]')),
  command('get svc balanced -o yaml'),
  command('delete svc node-port headless outside balanced balanced-2'),
  command('expose pod web-inajob --port=80 --target-port=8080 --name=exposed'),
  command('get svc exposed -o jsonpath={.spec.selector}{.spec.ports}{.metadata.labels}'),
  command('expose pod web-inajob --name=exposed --port=80'),
  command('expose pod web-inajob --name=no-port'),
  command('expose svc web-service --port=81 --name=again'),
  command('delete svc/exposed svc/again service/no-port service/1web'),
  command('edit svc web-service', undefined, 'sed -i s/8080/8081/'),
  command('edit svc web-service', undefined, 'false'),
  command('edit svc nobody', undefined, 'true'),
  {
    argv: [
      'patch',
      'svc',
      'web-service',
      '-p',
      '{"spec":{"ports":[{"port":80,"targetPort":8080},{"port":81,"name":"more"}]}}',
    ],
  },
  { argv: ['patch', 'svc', 'web-service', '--type=merge', '-p', '{"spec":{"ports":[{"port":80,"targetPort":8080}]}}'] },
  { argv: ['patch', 'svc', 'web-service', '-p', '{"spec":{"nonsense":1}}'] },
  { argv: ['patch', 'svc', 'web-service', '-p', 'spec: {sessionAffinity: ClientIP}'] },
  command('get svc web-service -o yaml'),
  command('apply -f -', order.replace('10.254.10.128', '10.254.10.129')),
  command('apply -f -', order.replace('  name: web-service\n', '')),
  command('apply -f -', order.replace('kind: Service', 'kind: Servce')),
  command('apply -f -', order.replace('kind: Service\n', '')),
  command('apply -f -', order.replace('apiVersion: v1\n', '')),
  command('apply -f -', order.replace('app: web', 'app: we/b')),
  command('apply -f -', order.replace('namespace: default', 'namespace: other')),
  command('apply -f -', order.replace(/ {2}ports:[\s\S]*/, '')),
  command('apply -f -', service('portless', 'selector: {app: web}')),
  command('replace -f -', `${order.replace('metadata:', 'metadata:\n  resourceVersion: "1"')}`),
  command('replace -f -', service('web-service', 'selector: {app: web}', 'ports: [{port: 80, targetPort: 8080}]')),
  command('get svc web-service -o yaml'),
  command('apply -f -', order),
  command('describe ep web-service'),
  command('describe ep warehouse'),
  command('apply -f - -f -', order),
  command(
    'apply -f -',
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'listed' }, spec: { ports: [{ port: 80 }] } }],
    }),
  ),
  command('create -f -', order),
  command('delete svc listed -o name'),
  command('delete svc listed -o yaml'),
  command('delete svc --all --dry-run=client'),
  command('delete svc web-service --now --wait=false --dry-run=server'),
  command('apply -f -', `${order.replace('port: 80\n', 'port: 0\n')}---\n${warehouse}`),
  command('apply -f -', list.replace('10.244.2.2', '10.244.2.256')),
  command('apply -f -', list.replace('10.244.2.2', '127.0.0.1')),
  command('apply -f -', list.replace('10.244.2.2', '010.244.2.2')),
  command('apply -f -', list.replace('protocol: TCP', 'protocol: tcp')),
  command('apply -f -', list.replace('- port: 8080', '- port: 0')),
  command(
    'apply -f -',
    list.replace('name: web-service', 'name: typo').replace('- ip: 10.244.2.2', '- address: 10.244.2.2'),
  ),
  command('apply -f -', list.replace('10.244.2.2', '169.254.1.1')),
  command('apply -f -', list.replace('10.244.2.2', '0.0.0.0')),
  command('apply -f -', list.replace(/- addresses:[\s\S]* {2}ports/, '- ports')),
  command('apply -f -', list.replace('nodeName: yuanying', 'nodeName: Yuan_ying')),
  command('apply -f -', 'just text'),
  command('apply -f -', ''),
  command('apply -f nothing-here.yaml'),
  command('apply'),
  command('apply -f - --dry-run=client', warehouse),
  command(
    'apply -f - --dry-run=server',
    warehouse.replaceAll('name: warehouse', 'name: second').replace('.129', '.131'),
  ),
  command('get svc -o name'),
  command('apply -f - -o name', warehouse),
  command('apply -n other -f -', order),
  command('delete pod nobody'),
  command('delete svc'),
  command('delete svc warehouse nobody'),
  command('get ep -o name'),
  command('delete ep warehouse'),
  command('delete -f -', list),
  command('delete -f -', list),
  command('delete svc,ep -l app=nothing'),
  command('delete svc -l color=red -o name'),
  command('delete pod/client-inajob --grace-period=0 --force'),
  command('delete svc web-service --ignore-not-found'),
  command('get svc,ep'),
  command('get svc web-service'),
  command('get ep'),
];

/** In this order. The first ones do not change the cluster. */
export const commands: readonly Command[] = [...looking, ...writing];

export { order };
