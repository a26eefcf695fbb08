/** The parts of an object's metadata that name it within its kind. */
export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

/** Returns `namespace/name`, the key of an object among those of its kind. */
export const namespacedName = ({ namespace, name }: ObjectName): string => `${namespace}/${name}`;
