import { plainFlag, textFlag } from '../command/flags.js';
import type { Verb } from '../command/session.js';
import { KubectlFailure } from '../failure.js';
import { kinds } from '../objects/kinds.js';
import { alignTabs } from '../show/tabs.js';

/** What the stand-in can do, for help and for refusals. */
const abilities =
  'get, describe, apply, create -f, replace, delete, label, annotate, patch, edit, expose, api-resources, version ' +
  'and config view';

const standIn = "this kubectl is the lesson's stand-in: the cluster's objects are files, and there is no API server";

export const help: Verb = {
  flags: [],
  run({ io }) {
    io.stdout(
      `${standIn.charAt(0).toUpperCase()}${standIn.slice(1)}.\nIt can: ${abilities}.\n` +
        'It knows Pods (po), Services (svc), Endpoints (ep), Nodes (no) and the namespace default.\n\n' +
        'Examples:\n  kubectl get pod -o wide --show-labels\n  kubectl get service web-service -o yaml\n' +
        '  kubectl apply -f web-service.yaml\n  kubectl label pod web-inajob app=web --overwrite\n',
    );
  },
};

/** Returns a command that only says that it is not there. Its arguments do not matter. */
export const refusal = (name: string): Verb => ({
  flags: [],
  run() {
    throw new KubectlFailure(`error: ${standIn}, so it has no "kubectl ${name}".\nIt can: ${abilities}.`);
  },
});

export const version: Verb = {
  flags: [plainFlag('client'), textFlag('output', 'o')],
  run({ io }) {
    io.stdout(
      "Client Version: the lesson's stand-in for kubectl v1.37\nServer Version: none (the objects are files)\n",
    );
  },
};

export const apiResources: Verb = {
  flags: [textFlag('output', 'o'), plainFlag('no-headers'), plainFlag('namespaced')],
  run({ io, options }) {
    const header = options.isOn('no-headers') ? [] : [['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND']];
    const rows = [...kinds]
      .sort((a, b) => (a.plural < b.plural ? -1 : 1))
      .map(({ plural, shortNames, apiVersion, isNamespaced, name }) => {
        const short = shortNames.filter(alias => alias.length < 5).join(',');
        return [plural, short, apiVersion, String(isNamespaced), name];
      });
    io.stdout(alignTabs([...header, ...rows].map(cells => `${cells.join('\t')}\n`).join(''), 3, 6));
  },
};
