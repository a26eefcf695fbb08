import * as z from 'zod';

/** Kubernetes bounds the parts between the dots only where the whole name is one part. */
const part = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const subdomain = new RegExp(`^${part}(?:\\.${part})*$`);

/** RFC 1123 label, as the API server asks of namespaces and Service names. */
export const labelNameSchema = z
  .string()
  .max(63, 'is longer than 63 characters')
  .regex(new RegExp(`^${part}$`), 'is not an RFC 1123 label (lower case letters, digits and -, at most 63)');
/** RFC 1123 subdomain, as the API server asks of most object names. */
export const subdomainNameSchema = z
  .string()
  .max(253, 'is longer than 253 characters')
  .regex(subdomain, 'is not an RFC 1123 name (lower case letters, digits, - and .)');

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Without kubectl's copy of the whole object, which is often larger than all the rest. */
const annotationsSchema = z.record(z.string(), z.string()).transform(annotations => {
  if (!(lastApplied in annotations)) return annotations;
  const { [lastApplied]: _, ...others } = annotations;
  return others;
});

const metadataFields = {
  name: subdomainNameSchema,
  namespace: labelNameSchema.default('default'),
  uid: z.string().optional(),
  resourceVersion: z.string().optional(),
  creationTimestamp: z.string().nullish(),
  deletionTimestamp: z.string().nullish(),
  labels: z.record(z.string(), z.string()).nullish(),
};

/** What kproxy does not use is dropped: of ten thousand Services that is most of the memory. */
export const metadataSchema = z.object({ ...metadataFields, annotations: annotationsSchema.nullish() });
export type Metadata = z.infer<typeof metadataSchema>;

/** Everything is kept, since the object is written back with what it had. */
export const wholeMetadataSchema = z.looseObject({
  ...metadataFields,
  annotations: z.record(z.string(), z.string()).nullish(),
});
