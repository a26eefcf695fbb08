import { addressAndPort } from '../../../net/address.js';
import type { Cause } from '../../explanation.js';

/** A value of JSON. Fields without a value are null, so that every field of a kind is always there. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [field: string]: Json };

type AnyBlame = Cause['blame'];
type BlameFields = { readonly [Part in AnyBlame['part']]: (blame: Extract<AnyBlame, { part: Part }>) => JsonObject };

const fieldsOf: BlameFields = {
  rule: ({ family, table, chain, number, argv }) => ({ family, table, chain, number, argv }),
  policy: ({ family, table, chain, policy }) => ({ family, table, chain, policy }),
  sysctl: ({ name, value, needed, why }) => ({ name, value, needed, detail: why }),
  route: ({ to, why }) => ({ to, detail: why }),
  'virtual server': ({ server, near, why }) => ({
    server: addressAndPort(server.address, server.port),
    near: near ?? null,
    detail: why,
  }),
  socket: ({ address, port, why }) => ({ address, port, detail: why }),
  source: ({ source, why }) => ({ source, detail: why }),
  hairpin: ({ port, why }) => ({ bridgePort: port, detail: why }),
  link: ({ link, why }) => ({ link, detail: why }),
  change: ({ change }) => ({ change }),
  endpoints: ({ why }) => ({ detail: why }),
  unknown: ({ why }) => ({ detail: why }),
};

/** Returns the part of the node that is to blame, with the fields of its kind and its own reason as `detail`. */
export const blameJson = (blame: AnyBlame): JsonObject => ({
  part: blame.part,
  ...(fieldsOf[blame.part] as (blame: AnyBlame) => JsonObject)(blame),
});
