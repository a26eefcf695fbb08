import { similarNames } from '../../similar-names.js';
import type { KernelAnswer, Missing } from '../observe/observed.js';
import type { ChainCheck } from './check.js';
import { type Judge, missing } from './missing.js';

export const missingChain: Judge<ChainCheck> = ({ on, table, chain }, { workers }) => {
  const { chains } = workers[on];
  return chains.has(`${table} ${chain}`) ? undefined : noChain(table, chain, chains);
};

/** Returns the reason for a chain that is not there. */
export function noChain(table: string, chain: string, chains: KernelAnswer['chains']): Missing {
  const places = [...chains.keys()].map(name => name.split(' ', 2));
  const names = places.filter(([other]) => other === table).map(([, name = '']) => name);
  const [similar] = similarNames(chain, names);
  if (similar !== undefined) return missing(texts => texts.chainHasSimilarName({ table, chain, similar }));
  const other = places.find(([, name]) => name === chain)?.[0];
  if (other !== undefined) return missing(texts => texts.chainIsInOtherTable({ table, chain, other }));
  return missing(texts => texts.chainIsMissing({ table, chain }));
}
