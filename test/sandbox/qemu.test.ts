import { expect, test } from 'vitest';
import { KproxyError } from '../../src/errors.js';
import { openSandbox } from '../../src/sandbox/open-sandbox.js';

test('the error for a folder without a kernel names the script that creates one', async () => {
  const error = await openSandbox({ virtualMachine: '/no/such/folder' }).catch(reason => reason);
  expect(error).toBeInstanceOf(KproxyError);
  expect(error).toMatchObject({
    code: 'sandbox-unavailable',
    message: '/no/such/folder has no kernel for a virtual machine',
    advice: 'Run scripts/unpack-kernel.sh, which creates them from a Debian package.',
  });
});
