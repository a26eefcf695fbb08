import { describe, expect, test } from 'vitest';
import { parseAsked } from '../../../src/explain/ask/asked.js';

const service = (name: string, more: object = {}) => ({
  kind: 'service',
  namespace: undefined,
  name,
  port: undefined,
  ...more,
});

describe('a target is read', () => {
  test.each([
    ['web', service('web')],
    ['web:80', service('web', { port: 80 })],
    ['web:http', service('web', { port: 'http' })],
    ['shop/web', service('web', { namespace: 'shop' })],
    ['shop/web:http-2', service('web', { namespace: 'shop', port: 'http-2' })],
    ['svc/web', service('web')],
    ['service/web:80', service('web', { port: 80 })],
    ['shop/svc/web', service('web', { namespace: 'shop' })],
    // A Service may have the name of a kind of part, or of a resource.
    ['svc/chain', service('chain')],
    ['svc', service('svc')],
    ['svc/svc', service('svc')],
    ['10.254.10.128:80', { kind: 'address', address: '10.254.10.128', port: 80 }],
    ['[fd00::1]:80', { kind: 'address', address: 'fd00::1', port: 80 }],
    ['[FD00:0:0::0001]:80', { kind: 'address', address: 'fd00::1', port: 80 }],
    ['[::ffff:10.0.0.1]:80', { kind: 'address', address: '10.0.0.1', port: 80 }],
    [':30080', { kind: 'node port', port: 30080 }],
  ])('%s', (text, asked) => {
    expect(parseAsked(text)).toEqual(asked);
  });

  test('in the namespace of -n', () => {
    expect(parseAsked('web', 'shop')).toEqual(service('web', { namespace: 'shop' }));
    expect(parseAsked('shop/web', 'shop')).toEqual(service('web', { namespace: 'shop' }));
  });
});

describe('what is no target is a usage error', () => {
  test.each([
    ['10.254.10.128', 'TARGET has no port: "10.254.10.128"'],
    ['fd00::1', 'TARGET has no port: "fd00::1"'],
    ['[fd00::1]', 'TARGET has no port: "[fd00::1]"'],
    ['10.254.10:80', 'TARGET is not an IP address and a port: "10.254.10:80"'],
    ['010.0.0.1:80', 'TARGET is not an IP address and a port: "010.0.0.1:80"'],
    ['[10.0.0.x]:80', 'TARGET is not an IP address and a port: "[10.0.0.x]:80"'],
    ['0.0.0.0:80', 'TARGET is the unspecified address, which no Service has: "0.0.0.0:80"'],
    ['[ff02::1]:80', 'TARGET is a multicast address, which no Service has: "[ff02::1]:80"'],
    ['10.0.0.1:0', 'TARGET has no port number from 1 to 65535: "10.0.0.1:0"'],
    ['10.0.0.1:http', 'TARGET has no port number from 1 to 65535: "10.0.0.1:http"'],
    [':70000', 'TARGET has no port number from 1 to 65535: ":70000"'],
    ['web:65536', 'TARGET has no port number from 1 to 65535: "web:65536"'],
    ['a/b/c', 'TARGET is neither a Service nor an address and port: "a/b/c"'],
    ['web:', 'TARGET is neither a Service nor an address and port: "web:"'],
    ['Web', 'TARGET is neither a Service nor an address and port: "Web"'],
    ['web:80:81', 'TARGET is neither a Service nor an address and port: "web:80:81"'],
    ['a\u001b[31m', 'TARGET is neither a Service nor an address and port: "a\\u001b[31m"'],
  ])('%s', (text, message) => {
    expect(() => parseAsked(text)).toThrow(expect.objectContaining({ code: 'option-invalid', message }));
  });

  test('another namespace than that of -n', () => {
    expect(() => parseAsked('shop/web', 'default')).toThrow(
      expect.objectContaining({
        code: 'options-contradict',
        message: 'shop/web and --namespace default: the target names another namespace',
      }),
    );
  });
});
