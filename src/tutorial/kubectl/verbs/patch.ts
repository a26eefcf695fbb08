import { readFileSync } from 'node:fs';
import { type Table, table } from '../../../table.js';
import { findObjects } from '../command/find-objects.js';
import { plainFlag, textFlag } from '../command/flags.js';
import type { Session, Verb } from '../command/session.js';
import { KubectlFailure, ServerError } from '../failure.js';
import { isMapping, type KubeObject } from '../objects/object.js';
import { unknownFieldsText } from '../server.js';
import { jsonPatch } from '../write/json-patch.js';
import { mergePatch } from '../write/merge.js';
import { dryRunOf, writeFlags, writtenPrinter } from './written.js';

type Apply = (object: KubeObject, patch: unknown) => unknown;

const types: Table<Apply> = table({
  strategic: (object, patch) => mergePatch(object, requireMapping(patch), false),
  merge: (object, patch) => mergePatch(object, requireMapping(patch), true),
  json: jsonPatch,
});

function requireMapping(patch: unknown): unknown {
  if (isMapping(patch)) return patch;
  throw new ServerError('BadRequest', 'invalid JSON patch');
}

export const patch: Verb = {
  flags: [
    ...writeFlags,
    textFlag('patch', 'p'),
    textFlag('patch-file'),
    textFlag('type'),
    textFlag('subresource'),
    plainFlag('local'),
  ],
  async run(session) {
    const { options, server, io, report } = session;
    const type = options.text('type') ?? 'strategic';
    const applied = Object.hasOwn(types, type) ? types[type] : undefined;
    if (applied === undefined)
      throw new KubectlFailure(`error: --type must be one of [json merge strategic], not "${type}"`);
    const value = await patchValue(session);
    const print = writtenPrinter(session);
    for (const { kind, object } of await findObjects(session))
      try {
        const onUnknownFields = (paths: readonly string[]) => io.stderr(`Warning: ${unknownFieldsText(paths)}\n`);
        const wanted = applied(object, value) as KubeObject;
        const written = server.update(kind, wanted, { isDryRun: dryRunOf(session) !== 'none', onUnknownFields });
        const isSame = written.metadata.resourceVersion === object.metadata.resourceVersion;
        io.stdout(print({ kind, object: written, outcome: isSame ? 'patched (no change)' : 'patched' }));
      } catch (error) {
        report(error);
      }
  },
};

async function patchValue({ options }: Session): Promise<unknown> {
  const file = options.text('patch-file');
  const text = file === undefined ? options.text('patch') : readFileSync(file, 'utf8');
  if (text === undefined)
    throw new KubectlFailure('error: must specify --patch or --patch-file containing the contents of the patch');
  try {
    return JSON.parse(text);
  } catch {
    const { parseYaml } = await import('../../../cluster/yaml.js');
    const result = parseYaml(text);
    if (!result.ok) throw new ServerError('BadRequest', 'invalid JSON patch');
    return result.values[0];
  }
}
