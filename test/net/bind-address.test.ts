import { describe, expect, test } from 'vitest';
import { bindAddressText, parseBindAddress } from '../../src/net/bind-address.js';

describe('a bind address', () => {
  test.each([
    ['0.0.0.0:10256', { host: '0.0.0.0', port: 10256 }],
    ['127.0.0.1:10249', { host: '127.0.0.1', port: 10249 }],
    ['[::]:10256', { host: '::', port: 10256 }],
    ['[0:0:0:0:0:0:0:1]:1', { host: '::1', port: 1 }],
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    ['127.0.0.1:65535', { host: '127.0.0.1', port: 65535 }],
    ['192.168.10.1', { host: '192.168.10.1', port: undefined }],
    ['::', { host: '::', port: undefined }],
    ['::1', { host: '::1', port: undefined }],
  ])('%s is accepted', (text, address) => expect(parseBindAddress(text)).toEqual(address));

  test.each([
    'localhost:10256',
    ':10256',
    '10256',
    '0.0.0.0:65536',
    '0.0.0.0:',
    '0.0.0.0:x',
    '0.0.0.0:-1',
    '0.0.0.0:1:2',
    '[0.0.0.0:1',
    '010.0.0.1:80',
    '[::]:10256 ',
    'http://0.0.0.0:10256',
    '',
  ])('%j is refused', text => expect(parseBindAddress(text)).toBeUndefined());

  test('is printed in the form that is parsed', () => {
    expect(bindAddressText({ host: '::', port: 10256 })).toBe('[::]:10256');
    expect(bindAddressText({ host: '0.0.0.0', port: 10256 })).toBe('0.0.0.0:10256');
    expect(bindAddressText({ port: 31000 })).toBe('port 31000');
  });
});
