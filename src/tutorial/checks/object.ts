import { fieldOf } from '../observe/fields.js';
import type { ObjectCheck } from './check.js';
import { type Judge, missing } from './missing.js';

export const missingObject: Judge<ObjectCheck> = ({ object, fields = {}, isAbsent }, { objects }) => {
  const found = objects.get(object);
  if (isAbsent) return found === undefined ? undefined : missing(texts => texts.objectIsStillThere({ object }));
  if (found === undefined) return missing(texts => texts.objectIsMissing({ object }));
  for (const [field, value] of Object.entries(fields)) {
    const actual = fieldOf(found, field);
    const wanted = String(value);
    if (actual === undefined) return missing(texts => texts.fieldIsMissing({ object, field, wanted }));
    if (actual !== value)
      return missing(texts => texts.fieldDiffers({ object, field, actual: textOf(actual), wanted }));
  }
  return undefined;
};

/** A number that should be a text is another value, and looks so. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
