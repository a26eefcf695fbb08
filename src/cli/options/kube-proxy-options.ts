import type { Command, Option } from 'commander';
import { KproxyError } from '../../errors.js';
import type { FlagValue, FlagValues } from '../../proxy/configuration/configuration.js';
import { type FieldPath, fieldAt } from '../../proxy/configuration/fields.js';
import {
  formerFlagNames,
  isBooleanFlag,
  isBooleanFormerFlag,
  isForWatchOnly,
  type KubeProxyFlag,
  type KubeProxyFlagName,
  kubeProxyFlagAt,
  kubeProxyFlagNames,
} from '../../proxy/configuration/flags.js';
import { joined } from './joined.js';
import { optionsAt } from './kube-proxy-flags.js';
import { orEmpty } from './rules.js';

/** Returns those flags of kube-proxy that a command does not have among its options, for no help to show. */
export function kubeProxyOptions(command: Command): readonly Option[] {
  const known = new Set(optionsAt(command).map(({ long }) => long));
  return [
    ...kubeProxyFlagNames
      .filter(name => !known.has(`--${name}`))
      .map(name => {
        const flag = kubeProxyFlagAt(name);
        const option = hiddenOption(command, name, isBooleanFlag(flag));
        if (isList(flag)) option.argParser(joined);
        return option;
      }),
    ...formerFlagNames.map(name => hiddenOption(command, name, isBooleanFormerFlag(name))),
  ];
}

/** A list of flags from a template often has empty values, which mean the default to kube-proxy. */
const hiddenOption = (command: Command, name: string, isBoolean: boolean): Option =>
  orEmpty(command.createOption(isBoolean ? `--${name}` : `--${name} <value>`).hideHelp());

const isList = (flag: KubeProxyFlag): boolean => flag.does === 'set' && fieldAt(flag.path).kind.isList === true;

/** What the command line says in flags of kube-proxy. */
export interface KubeProxySetting {
  readonly fields: FlagValues;
  /** `--master`: the URL of the API server. */
  readonly server: string | undefined;
  /** The names of flags without a meaning for this command. */
  readonly idle: readonly string[];
  /** The names of flags that kube-proxy has no more. */
  readonly former: readonly string[];
}

/**
 * Returns what the command line says in flags of kube-proxy.
 * @throws KproxyError option-invalid for a flag that stands for a task of kube-proxy that is no option of kproxy
 */
export function kubeProxySetting(command: Command): KubeProxySetting {
  const given = givenFlags(command);
  refuseTasks(given, command);
  const stays = command.name() === 'sync' && command.opts<{ watch?: boolean }>().watch === true;
  const isIdle = ({ flag }: GivenFlag) => !stays && isForWatchOnly(flag);
  const fields = given.flatMap(({ name, flag, value }): (readonly [FieldPath, FlagValue])[] =>
    flag.does === 'set' ? [[flag.path, { flag: `--${name}`, value: asInFile(flag.path, value) }]] : [],
  );
  const server = given.find(({ name }) => name === 'master')?.value;
  return {
    fields: new Map(fields),
    server: typeof server === 'string' ? server : undefined,
    idle: given.filter(isIdle).map(({ name }) => `--${name}`),
    former: formerFlags(command),
  };
}

const formerFlags = (command: Command): readonly string[] =>
  command.options
    .filter(option => command.getOptionValueSource(option.attributeName()) === 'cli')
    .map(({ long }) => long ?? '')
    .filter(long => formerFlagNames.includes(long.slice(2)));

interface GivenFlag {
  readonly name: KubeProxyFlagName;
  readonly flag: KubeProxyFlag;
  readonly value: unknown;
}

const givenFlags = (command: Command): readonly GivenFlag[] =>
  command.options.flatMap(option => {
    const name = kubeProxyFlagNames.find(one => `--${one}` === option.long);
    if (name === undefined || command.getOptionValueSource(option.attributeName()) !== 'cli') return [];
    const value: unknown = command.getOptionValue(option.attributeName());
    const flag = kubeProxyFlagAt(name);
    return value === '' && !emptyMeansNowhere(flag) ? [] : [{ name, flag, value }];
  });

const emptyMeansNowhere = (flag: KubeProxyFlag): boolean =>
  flag.does === 'set' && fieldAt(flag.path).kind.emptyMeansNowhere === true;

const asInFile = (path: FieldPath, value: unknown): unknown =>
  typeof value === 'string' ? fieldAt(path).kind.ofText(value) : value;

function refuseTasks(given: readonly GivenFlag[], command: Command): void {
  for (const { name, flag, value } of given)
    if (flag.does === 'refuse' && value !== false && name !== command.name())
      throw new KproxyError({
        code: 'option-invalid',
        message: `--${name} is a task of kube-proxy, not an option of kproxy`,
        advice: `${flag.instead} Nothing was changed.`,
      });
}
