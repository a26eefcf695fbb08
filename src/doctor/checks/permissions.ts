import type { SudoState } from '../../run/sudo-state.js';
import { plural } from '../../text.js';
import type { Facts } from '../facts.js';
import { advice, type Judgement, ok, problem } from '../finding.js';
import { installCommand } from '../fixes/install.js';
import { lackingCapabilities, neededCapabilities } from '../rights.js';
import type { DoctorCheck } from './check.js';

export const permissions: DoctorCheck = { name: 'permissions', judge };

function judge(facts: Facts): readonly Judgement[] {
  const { sudo } = facts.permissions;
  if (sudo !== undefined) return [bySudo(sudo, facts)];
  return facts.machine.isRoot ? capabilities(facts) : [notRoot];
}

const notRoot = problem({
  what: 'this user is not root, and sudo is not used',
  why: 'Only root can read and change sets, rules and virtual servers.',
  fix: 'sudo kproxy doctor',
});

function bySudo(state: SudoState, { machine }: Facts): Judgement {
  switch (state) {
    case 'ready':
      return ok('sudo runs the tools without a password');
    case 'asks':
      return advice({
        what: 'sudo asks for a password',
        why: 'kproxy sync --watch in the background has nobody who could answer. Run it as root there.',
        fix: 'sudo kproxy doctor',
      });
    case 'missing':
      return problem({
        what: 'this user is not root, and sudo is not installed',
        why: 'Only root can read and change sets, rules and virtual servers.',
        fix: `su -c "${installCommand({ ...machine, isRoot: true }, ['sudo'])}"`,
      });
    case 'refused':
      return problem({
        what: 'sudo does not let this user run the tools',
        why: 'Only root can read and change sets, rules and virtual servers.',
        fix: 'su -c "kproxy doctor"',
      });
  }
}

function capabilities({ permissions: held, machine }: Facts): readonly Judgement[] {
  if (held.capabilities.is === 'unread') return [ok('this user is root')];
  const lacking = lackingCapabilities(held);
  if (lacking.length === 0) return [ok(`root with ${neededCapabilities.map(({ name }) => name).join(' and ')}`)];
  const names = lacking.map(({ name }) => name).join(' and ');
  return [
    problem({
      what: `root lacks the ${plural(lacking.length, 'capability', 'capabilities')} ${names}`,
      why: [...lacking.map(({ use }) => use), machine.isContainer ? inPod : inUnit].join(' '),
      fix: machine.isContainer
        ? 'kubectl explain pod.spec.containers.securityContext.capabilities.add'
        : 'systemd-run --pipe --wait kproxy doctor',
    }),
  ];
}

const inPod = "Add them to the container's securityContext; the command shows where.";
const inUnit = 'Something has taken them from this process; systemd can start it with all of them.';
