import { expect, test } from 'vitest';
import { KproxyError } from '../../src/errors.js';
import { openSandbox } from '../../src/sandbox/open-sandbox.js';

test('a folder without a kernel is named, with what makes one', async () => {
  const error = await openSandbox({ virtualMachine: '/no/such/folder' }).catch(reason => reason);
  expect(error).toBeInstanceOf(KproxyError);
  expect(error).toMatchObject({
    message: '/no/such/folder has no kernel that a virtual machine could boot',
    exitCode: 4,
    next: 'scripts/unpack-kernel.sh makes them from a Debian package.',
  });
});
