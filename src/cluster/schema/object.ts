import * as z from 'zod';

/** A part of a name between dots. Kubernetes limits its length only in names without dots. */
const part = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const subdomain = new RegExp(`^${part}(?:\\.${part})*$`);

/** RFC 1123 label, which the API server requires for namespaces and names of Services. */
export const labelNameSchema = z
  .string()
  .max(63, 'is longer than 63 characters')
  .regex(new RegExp(`^${part}$`), 'is not an RFC 1123 label (lower case letters, digits and -, at most 63)');
/** RFC 1123 subdomain, which the API server requires for most other names. */
const subdomainNameSchema = z
  .string()
  .max(253, 'is longer than 253 characters')
  .regex(subdomain, 'is not an RFC 1123 name (lower case letters, digits, - and .)');

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Annotations without kubectl's copy of the object, which is often larger than all other fields. */
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

/** Metadata with the fields that kproxy uses. With ten thousand Services, the others would take most of the memory. */
export const metadataSchema = z.object({ ...metadataFields, annotations: annotationsSchema.nullish() });

/** Metadata with all fields, for objects that kproxy writes back. */
export const wholeMetadataSchema = z.looseObject({
  ...metadataFields,
  annotations: z.record(z.string(), z.string()).nullish(),
});
