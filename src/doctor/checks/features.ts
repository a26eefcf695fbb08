import { listText, someText } from '../../text.js';
import type { Facts } from '../facts.js';
import { advice, type Judgement, ok, problem } from '../finding.js';
import { modulesFix } from '../fixes/modules.js';
import type { Area, Trial, TrialResult } from '../trials.js';
import type { DoctorCheck } from './check.js';

export const features: DoctorCheck = {
  name: 'kernel',
  judge: facts =>
    facts.trials.is === 'read' ? judgeTrials(facts.trials.value, facts) : judgeModules(facts.trials.why, facts),
};

const areas: readonly (readonly [area: Area, why: string])[] = [
  ['the device', 'Without a dummy device the VIPs have no place on the node.'],
  ['IPVS', 'Without it the kernel balances nothing.'],
  ['ipset', 'Without these sets the rules match no Service.'],
  ['iptables', 'Without it rules of kproxy are refused.'],
];

/** The exit status for a program that is not found, which the check of tools reports. */
const notFound = 127;

function judgeTrials(results: readonly TrialResult[], facts: Facts): readonly Judgement[] {
  const passed = new Set(results.filter(({ exitCode }) => exitCode === 0).map(({ trial }) => trial.name));
  const failed = results.filter(
    ({ trial, exitCode }) =>
      exitCode !== 0 && exitCode !== notFound && (trial.after === undefined || passed.has(trial.after)),
  );
  const troubles = areas.flatMap(([area, why]) =>
    [false, true].flatMap(isOptional => {
      const there = failed.filter(({ trial }) => trial.area === area && (trial.isOptional ?? false) === isOptional);
      return there.length === 0 ? [] : [lacking(there, why, isOptional, facts)];
    }),
  );
  const whole = areas.map(([area]) => area).filter(area => isWhole(area, results, passed));
  return [...troubles, ...(whole.length === 0 ? [] : [ok(`tried, and there: ${listText(whole.map(nameOf), 'and')}`)])];
}

const isWhole = (area: Area, results: readonly TrialResult[], passed: ReadonlySet<string>): boolean => {
  const needed = results.filter(({ trial }) => trial.area === area && !trial.isOptional);
  return needed.length > 0 && needed.every(({ trial }) => passed.has(trial.name));
};

const nameOf = (area: Area): string =>
  ({ 'the device': 'dummy devices', IPVS: 'IPVS', ipset: 'the types of sets', iptables: 'the parts of rules' })[area];

function lacking(failed: readonly TrialResult[], why: string, isOptional: boolean, facts: Facts): Judgement {
  const names = failed.map(({ trial }) => trial.name);
  const { fix, note } = modulesFix(facts, modulesOf(failed.map(({ trial }) => trial)));
  const [said = ''] = (failed[0]?.said ?? '').split('\\n');
  const reason = isOptional ? 'Services that ask for it are not served as they say.' : why;
  const quoted = said === '' ? '' : ` The tool says: ${said}`;
  return (isOptional ? advice : problem)({
    what: `the kernel does not have ${someText(names, 4)}`,
    why: `${reason} ${note}${quoted}`,
    fix,
  });
}

const modulesOf = (trials: readonly Trial[]): readonly string[] => [...new Set(trials.map(({ module }) => module))];

/** The modules without which nothing works, where nothing may be tried. */
const needed = ['ip_vs', 'ip_vs_rr', 'ip_set_hash_ipport', 'xt_set', 'dummy'];

function judgeModules(why: string, facts: Facts): readonly Judgement[] {
  const { loaded, available } = facts.modules;
  const missing = available === undefined ? [] : needed.filter(name => !loaded.has(name) && !available.has(name));
  const untried = advice({
    what: `what the kernel can do was not tried: ${why}`,
    why: 'It is tried in a network namespace of its own, which only root may create, with the capability SYS_ADMIN.',
    fix: facts.machine.isRoot ? 'unshare --net true' : 'sudo kproxy doctor',
  });
  if (missing.length === 0) return [untried];
  const { fix, note } = modulesFix(facts, missing);
  const lacks = problem({
    what: `the kernel has no ${listText(missing, 'or')}`,
    why: `Without them it cannot serve in IPVS mode. ${note}`,
    fix,
  });
  return [lacks, untried];
}
