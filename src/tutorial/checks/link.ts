import { similarNames } from '../../similar-names.js';
import type { Worker } from '../machines.js';
import type { KernelAnswer, Missing } from '../observe/observed.js';
import type { LinkCheck } from './check.js';
import { type Judge, missing } from './missing.js';

export const missingLink: Judge<LinkCheck> = ({ on, name: link, type: wanted }, { workers }) => {
  const { links } = workers[on];
  const found = links.get(link);
  if (found === undefined) return noLink(on, link, links);
  const { type: actual = '-' } = found;
  return actual === wanted ? undefined : missing(texts => texts.linkHasOtherType({ link, actual, wanted }));
};

/** Returns the reason for a device that is not there. */
export function noLink(on: Worker, link: string, links: KernelAnswer['links']): Missing {
  const [similar] = similarNames(link, links.keys());
  if (similar !== undefined) return missing(texts => texts.linkHasSimilarName({ link, similar }));
  return missing(texts => texts.linkIsMissing({ on, link }));
}
