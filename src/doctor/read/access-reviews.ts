import type { AccessFact } from '../facts.js';
import { neededAccess } from '../needed-access.js';

/** One object for each request that kproxy sends. The API server answers each and stores none. */
export const accessReviews = {
  apiVersion: 'v1',
  kind: 'List',
  items: neededAccess.map(({ verb, resource, group }) => ({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { verb, group, resource } },
  })),
};

const fields = ['verb', 'resource', 'group'].map(name => `{.spec.resourceAttributes.${name}}`).join(' ');

/** Makes kubectl print a line for each answer: `list services  true`. */
export const reviewFormat = `jsonpath=${fields} {.status.allowed}{"\\n"}`;

/** Returns what is allowed, or undefined if not every request was answered. */
export function allowedIn(output: string): readonly AccessFact[] | undefined {
  const lines = output.split('\n');
  const facts = neededAccess.map(({ verb, resource, group }): AccessFact | undefined => {
    const start = `${verb} ${resource} ${group} `;
    const answer = lines.find(line => line.startsWith(start))?.slice(start.length);
    if (answer !== 'true' && answer !== 'false') return undefined;
    return { verb, resource: group === '' ? resource : `${resource}.${group}`, isAllowed: answer === 'true' };
  });
  return facts.every(fact => fact !== undefined) ? facts : undefined;
}
