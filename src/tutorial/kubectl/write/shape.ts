/** What the fields of an object may be, for the API server's strict decoding. */
export type Shape =
  | { readonly is: 'string' | 'int32' | 'bool' | 'any' | 'int or string' }
  | { readonly is: 'texts' }
  | { readonly is: 'list'; readonly of: Shape; readonly type: string }
  | Struct;

export interface Struct {
  readonly is: 'struct';
  /** The name of the type in Go, which the API server's errors mention. */
  readonly name: string;
  readonly fields: Readonly<Record<string, Shape>>;
}

export const text: Shape = { is: 'string' };
export const int32: Shape = { is: 'int32' };
export const bool: Shape = { is: 'bool' };
export const any: Shape = { is: 'any' };
export const intOrString: Shape = { is: 'int or string' };
export const texts: Shape = { is: 'texts' };
export const textList: Shape = { is: 'list', of: text, type: '[]string' };

export const struct = (name: string, fields: Readonly<Record<string, Shape>>): Struct => ({
  is: 'struct',
  name,
  fields,
});

export const listOfStructs = (item: Struct): Shape => ({ is: 'list', of: item, type: `[]v1.${item.name}` });
