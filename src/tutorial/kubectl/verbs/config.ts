import { plainFlag, textFlag } from '../command/flags.js';
import type { Verb } from '../command/session.js';
import { KubectlFailure } from '../failure.js';
import { jsonText } from '../show/json.js';
import { printerOf, renderJsonPath } from '../show/output.js';
import { yamlText } from '../show/yaml.js';

/** The name of the only context. */
export const contextName = 'lesson';

const config = {
  apiVersion: 'v1',
  clusters: [{ cluster: { server: 'none: the objects are files of the lesson' }, name: contextName }],
  contexts: [{ context: { cluster: contextName, user: 'manager' }, name: contextName }],
  'current-context': contextName,
  kind: 'Config',
  preferences: {},
  users: [{ name: 'manager', user: {} }],
};

const flags = [plainFlag('minify'), plainFlag('raw'), plainFlag('flatten'), textFlag('output', 'o')];

export const configView: Verb = {
  flags,
  run({ options, io }) {
    const output = options.text('output') ?? 'yaml';
    printerOf(output);
    const [, template] = /^jsonpath=(.*)$/s.exec(output) ?? [];
    if (template !== undefined) io.stdout(renderJsonPath(template, config));
    else io.stdout(output === 'json' ? jsonText(config) : yamlText(config));
  },
};

export const configCurrentContext: Verb = { flags, run: ({ io }) => io.stdout(`${contextName}\n`) };

export const configGetContexts: Verb = {
  flags: [...flags, plainFlag('no-headers')],
  run({ io }) {
    io.stdout(
      `CURRENT   NAME     CLUSTER   AUTHINFO   NAMESPACE\n*         ${contextName}   ${contextName}    manager    \n`,
    );
  },
};

export const otherConfig: Verb = {
  flags,
  run() {
    throw new KubectlFailure(
      "error: this kubectl is the lesson's stand-in. It has one context, and of `kubectl config` only view, " +
        'current-context and get-contexts.',
    );
  },
};
