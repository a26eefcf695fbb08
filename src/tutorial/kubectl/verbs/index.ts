import { type Table, table } from '../../../table.js';
import type { Verb } from '../command/session.js';
import { apiResources, help, refusal, version } from './about.js';
import { apply } from './apply.js';
import { configCurrentContext, configGetContexts, configView, otherConfig } from './config.js';
import { create } from './create.js';
import { remove } from './delete.js';
import { describe } from './describe.js';
import { edit } from './edit.js';
import { expose } from './expose.js';
import { get } from './get.js';
import { annotate, label } from './marks.js';
import { patch } from './patch.js';
import { proxy } from './proxy.js';
import { replace } from './replace.js';

/** The commands by their names, which may be two words. */
export const verbs: Table<Verb> = table({
  get,
  describe,
  apply,
  create,
  replace,
  delete: remove,
  label,
  annotate,
  patch,
  edit,
  expose,
  proxy,
  version,
  'api-resources': apiResources,
  'config view': configView,
  'config current-context': configCurrentContext,
  'config get-contexts': configGetContexts,
  config: otherConfig,
  help,
});

/** The commands of the real kubectl that are not here. */
const missingVerbs =
  'alpha api-versions attach auth autoscale certificate cluster-info completion cordon cp debug diff drain events ' +
  'exec explain kuberc kustomize logs options plugin port-forward rollout run scale set taint top uncordon wait';

/** What the real kubectl can create without a file. */
const missingCreations =
  'clusterrole clusterrolebinding configmap cronjob deploy deployment endpoints ingress job namespace node ns pod ' +
  'poddisruptionbudget priorityclass quota role rolebinding secret service serviceaccount svc token';

/** Returns the refusal of a command that only the real kubectl has, or undefined if that has no such command either. */
export const refusalOf = (name: string): Verb | undefined =>
  missingVerbs.split(' ').includes(name) || isMissingCreation(name) ? refusal(name) : undefined;

function isMissingCreation(name: string): boolean {
  const [verb, kind = ''] = name.split(' ');
  return verb === 'create' && missingCreations.split(' ').includes(kind);
}
