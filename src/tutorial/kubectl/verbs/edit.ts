import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Found, findObjects } from '../command/find-objects.js';
import { textFlag } from '../command/flags.js';
import type { Session, Verb } from '../command/session.js';
import { KubectlFailure } from '../failure.js';
import { isMapping, type KubeObject } from '../objects/object.js';
import { yamlText } from '../show/yaml.js';
import { writeFlags, writtenPrinter } from './written.js';

export const edit: Verb = {
  flags: [...writeFlags, textFlag('selector', 'l'), textFlag('subresource')],
  async run(session) {
    for (const found of await findObjects(session))
      try {
        await editOne(session, found);
      } catch (error) {
        session.report(error);
      }
  },
};

const header =
  "# Please edit the object below. Lines beginning with a '#' will be ignored,\n" +
  '# and an empty file will abort the edit. If an error occurs while saving this file will be\n' +
  '# reopened with the relevant failures.\n#\n';

async function editOne(session: Session, { kind, object }: Found): Promise<void> {
  const { server, io, environment } = session;
  const text = `${header}${yamlText(object)}`;
  const edited = inEditor(environment, text);
  if (edited === text || edited.trim() === '') return io.stderr('Edit cancelled, no changes made.\n');
  const { parseYaml } = await import('../../../cluster/yaml.js');
  const result = parseYaml(edited);
  const value = result.ok ? result.values[0] : undefined;
  if (!isMapping(value) || value.kind !== object.kind || !isMapping(value.metadata))
    throw new KubectlFailure(`error: the edited text is not a ${object.kind} any more. Nothing was changed.`);
  if (value.metadata.name !== object.metadata.name)
    throw new KubectlFailure('error: At least one of apiVersion, kind and name was changed');
  const written = server.update(kind, value as unknown as KubeObject);
  io.stdout(writtenPrinter(session)({ kind, object: written, outcome: 'edited' }));
}

/** Waits for the person, without a limit. */
function inEditor({ KUBE_EDITOR, EDITOR }: Session['environment'], text: string): string {
  const editor = KUBE_EDITOR || EDITOR || 'vi';
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-edit-'));
  const path = join(folder, 'object.yaml');
  try {
    writeFileSync(path, text);
    // As in kubectl, the editor may be a command with arguments, which a shell reads.
    const { status, error } = spawnSync('sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit' });
    if (error !== undefined || status !== 0)
      throw new KubectlFailure(`error: there was a problem with the editor "${editor}"`);
    return readFileSync(path, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
