import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runKubectl } from '../../../../src/tutorial/kubectl/kubectl.js';
import { ageSeconds, normalized, type Recording } from './recording.js';
import { commands } from './scenario.js';

const recording: Recording = JSON.parse(readFileSync(new URL('answers.json', import.meta.url), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'kproxy-cluster-'));

interface NamedObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

beforeAll(() => {
  for (const object of recording.objects as unknown as readonly NamedObject[])
    writeFileSync(join(folder, `${object.kind.toLowerCase()}.${object.metadata.name}.json`), JSON.stringify(object));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function answerTo({ argv, input = '', editor = 'true' }: Recording['answers'][number]) {
  let stdout = '';
  let stderr = '';
  const exitCode = await runKubectl(argv, {
    io: {
      stdout: text => {
        stdout += text;
      },
      stderr: text => {
        stderr += text;
      },
      readStdin: async () => input,
    },
    environment: { KPROXY_TUTORIAL_CLUSTER: folder, EDITOR: editor },
    now: () => new Date(Date.parse(recording.created) + ageSeconds * 1_000),
  });
  return { stdout: normalized(stdout), stderr: normalized(stderr), exitCode };
}

test('the recording answers the commands of the scenario', () => {
  expect(recording.answers.map(({ stdout: _, stderr: __, exitCode: ___, ...command }) => command)).toEqual(commands);
});

describe('the stand-in answers as the real kubectl and API server', () => {
  test.each(recording.answers)('$argv', async answer => {
    const { stdout, stderr, exitCode } = answer;
    expect(await answerTo(answer)).toEqual({ stdout: normalized(stdout), stderr: normalized(stderr), exitCode });
  });
});
