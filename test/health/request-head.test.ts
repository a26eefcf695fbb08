import { describe, expect, test } from 'vitest';
import { parseRequestHead } from '../../src/health/request-head.js';

const head = (...lines: readonly string[]) => parseRequestHead(lines.join('\r\n'));

describe('the head of a request', () => {
  test.each<[string, readonly string[]]>([
    [
      "kubelet's probe",
      ['GET /healthz HTTP/1.1', 'Host: 10.0.0.1:10256', 'User-Agent: kube-probe/1.37', 'Accept: */*'],
    ],
    ['a query', ['GET /healthz?verbose HTTP/1.1', 'host:x']],
    ['a header with bytes above ASCII', ['GET /healthz HTTP/1.1', 'Host: x', 'X-Name: J\u00fcrgen']],
    ['a body of no bytes', ['GET /healthz HTTP/1.1', 'Host: x', 'Content-Length: 0']],
  ])('is parsed with %s', (_, lines) => {
    expect(head(...lines)).toEqual({ method: 'GET', path: '/healthz', keepsAlive: true });
  });

  test.each<[string, readonly string[]]>([
    ['HTTP/1.0', ['GET / HTTP/1.0']],
    ['Connection: close', ['GET / HTTP/1.1', 'Host: x', 'Connection: TE, Close']],
    ['a body', ['GET / HTTP/1.1', 'Host: x', 'Content-Length: 5']],
    ['a body in chunks', ['GET / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked']],
    ['two lengths', ['GET / HTTP/1.1', 'Host: x', 'Content-Length: 0', 'Content-Length: 5']],
  ])('ends the connection with %s', (_, lines) => {
    expect(head(...lines)).toMatchObject({ keepsAlive: false });
  });

  test.each<[string, readonly string[]]>([
    ['has no version', ['GET /']],
    ['is of HTTP/2', ['PRI * HTTP/2.0']],
    ['has no Host', ['GET / HTTP/1.1']],
    ['has a blank in its path', ['GET /a b HTTP/1.1', 'Host: x']],
    ['has a folded header', ['GET / HTTP/1.1', 'Host: x', ' y']],
    ['has a blank before a colon', ['GET / HTTP/1.1', 'Host: x', 'Content-Length : 5']],
    ['has a line feed alone', ['GET / HTTP/1.1', 'Host: x\nContent-Length: 5']],
    ['has a NUL', ['GET / HTTP/1.1', 'Host: \u0000']],
    ['has a line without a colon', ['GET / HTTP/1.1', 'Host: x', 'y']],
  ])('is refused if it %s', (_, lines) => {
    expect(head(...lines)).toBeUndefined();
  });

  test('is parsed in time however it is made', () => {
    const start = performance.now();
    for (const text of [
      `A: ${' '.repeat(8_000)}x`,
      `${'a'.repeat(8_000)}`,
      ':\r\n'.repeat(4_000),
      'A:\r\n'.repeat(2_000),
    ])
      head('GET / HTTP/1.1', 'Host: x', text);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
