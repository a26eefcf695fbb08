import { ServerError } from '../failure.js';
import type { Kind } from '../objects/kinds.js';
import type { KubeObject } from '../objects/object.js';
import { parseFieldSelector } from '../select/fields.js';
import { parseLabelSelector, SelectorError } from '../select/labels.js';
import type { Options } from './flags.js';

/**
 * Returns a test for the objects of a kind that `--selector` and `--field-selector` want.
 * @throws ServerError if a selector cannot be read
 */
export function selectorOf({ text }: Options, kind: Kind): (object: KubeObject) => boolean {
  const labels = text('selector') ?? '';
  const fields = text('field-selector') ?? '';
  try {
    const hasLabels = parseLabelSelector(labels);
    const hasFields = parseFieldSelector(fields, kind);
    return object => hasLabels(object.metadata.labels ?? {}) && hasFields(object);
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    const [group = '', version] = kind.apiVersion.includes('/') ? kind.apiVersion.split('/') : ['', kind.apiVersion];
    throw new ServerError(
      'BadRequest',
      `Unable to find "${group}/${version}, Resource=${kind.plural}" that match label selector "${labels}", ` +
        `field selector "${fields}": ${error.message}`,
    );
  }
}

export const hasSelector = ({ text }: Options): boolean => Boolean(text('selector') || text('field-selector'));
