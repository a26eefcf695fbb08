/** A line of the demo. */
export type Line =
  | { readonly kind: 'act'; readonly title: string }
  | { readonly kind: 'say'; readonly text: string }
  /** Printed as it is. */
  | { readonly kind: 'picture'; readonly text: string }
  | {
      readonly kind: 'command';
      /** The machine or Pod that runs it. */
      readonly on: string;
      readonly line: string;
      /** Default: 0. */
      readonly exitCode?: number;
      /** Texts that the output must contain. */
      readonly shows?: readonly string[];
    };

const act = (title: string): Line => ({ kind: 'act', title });
/** Returns a paragraph. The terminal breaks its lines. */
const say = (text: string): Line => ({ kind: 'say', text: text.replace(/\s+/g, ' ').trim() });

interface Expectations {
  readonly exitCode?: number;
  readonly shows?: readonly string[];
}

const command = (on: string, line: string, expected: Expectations = {}): Line => ({
  kind: 'command',
  on,
  line,
  ...expected,
});

const vip = '10.254.10.128';
const both = ['web-inajob saw', 'web-yuanying saw'];
const input = (node: string) => `--from cluster --from endpoints.yaml --node ${node} --cluster-cidr 10.244.0.0/16`;
const ask = (on: string, shows: readonly string[]): Line =>
  command(on, `for i in 1 2 3 4; do curl -s ${vip}; done`, { shows });

const cast = `
  master            inajob                        yuanying
  192.168.33.10     192.168.33.11                 192.168.33.12
  the manager       a worker                      a worker
                    ├ Pod web-inajob              └ Pod web-yuanying
                    │   10.244.1.3                    10.244.2.2
                    └ Pod client-inajob
                        10.244.1.9`;

export const play: readonly Line[] = [
  act('The cast'),
  { kind: 'picture', text: cast },

  act('Act 1. On master: the manager signs a form'),
  say('A user has ordered a Service: one address for all Pods that carry the label app=web.'),
  command('master', 'cat cluster/service.yaml'),
  say('So far it is an address on paper. On the worker nobody has heard of it:'),
  command('inajob', `curl -sS ${vip}`, { exitCode: 7 }),
  say(`
    A manager does not touch machines. A manager looks up the Pods with that label and writes their addresses on a
    second form, the Endpoints object. These are the commands to do it by hand:
  `),
  command('master', 'kproxy endpoints web-service --from cluster --dry-run', { shows: ['10.244.1.3', '10.244.2.2'] }),
  say(`
    In a real cluster "kproxy endpoints web-service" hands the form in with kubectl. There is no API server on this
    stage, so the form goes to the workers as a file. And that was the manager's day.
  `),
  command('master', 'kproxy endpoints web-service --from cluster -o yaml > endpoints.yaml'),

  act('Act 2. On inajob: the worker does the work'),
  say(`
    The worker reads both forms, looks at the machine, and prints the list of commands before touching anything: each
    one comes with its reason. (grep removes the checks that make the script safe to run twice.)
  `),
  command('inajob', `kproxy sync --dry-run ${input('inajob')} | grep -v -e '||$' -e '^$'`, {
    shows: ['ipset add KUBE-CLUSTER-IP 10.254.10.128,tcp:80', 'ipvsadm -A -t 10.254.10.128:80 -s rr'],
  }),
  say('Typing all of that is for people with time. The same changes, in a few batches:'),
  command('inajob', `kproxy sync ${input('inajob')}`),
  say('What the kernel has now: a virtual server with two real servers, and the set that the rules use.'),
  command('inajob', 'ipvsadm -Ln', { shows: ['TCP  10.254.10.128:80 rr', '10.244.1.3:8080', '10.244.2.2:8080'] }),
  command('inajob', 'ipset list KUBE-CLUSTER-IP', { shows: ['10.254.10.128,tcp:80'] }),
  say('Once more. A good worker does nothing when nothing is to be done:'),
  command('inajob', `kproxy sync ${input('inajob')}`, { shows: ['in sync, nothing changed'] }),
  say('The other worker has the same two forms, and a machine of its own:'),
  command('yuanying', `kproxy sync ${input('yuanying')}`),

  act('Act 3. The address answers'),
  say(`
    Each web server answers with its own name and the address that it saw the client at. From the node itself: both
    Pods in turn. The source is an address of the node that the Pod can answer to, never the virtual one.
  `),
  ask('inajob', [...both, 'web-yuanying saw 192.168.33.11', 'web-inajob saw 10.244.1.1']),
  say('From a Pod. Pods keep their own address:'),
  ask('client-inajob', [...both, 'web-yuanying saw 10.244.1.9', 'web-inajob saw 10.244.1.9']),
  say(`
    From a Pod that is behind the Service itself. Every other time it is sent to itself, and must not notice: that
    answer comes by way of the node.
  `),
  ask('web-inajob', [...both, 'web-yuanying saw 10.244.1.3', 'web-inajob saw 10.244.1.1']),
  say('And from the other worker:'),
  ask('yuanying', both),
];
