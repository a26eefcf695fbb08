import { describe, expect, test } from 'vitest';
import { parseProcSctp } from '../../../src/node/tools/proc-net-sctp.js';
import { parseProcNetSockets } from '../../../src/node/tools/proc-net-sockets.js';

/** All texts were recorded on Linux 6.1. Those of TCP and UDP are without their last columns. */
const tcp = `  sl  local_address rem_address   st tx_queue rx_queue
   0: 0B21A8C0:20FB 00000000:0000 0A 00000000:00000001
   1: 0B21A8C0:A64C 0B21A8C0:20FB 01 00000000:00000000
   2: 0B21A8C0:20FB 0B21A8C0:A64C 01 00000000:00000000
`;
const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue
   0: 0000000000000000FFFF00000B21A8C0:1F92 00000000000000000000000000000000:0000 0A 00000000:00000000
   1: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000
`;
const udp = `   sl  local_address rem_address   st tx_queue rx_queue
  693: 0100007F:14E9 00000000:0000 07 00000000:00000000
  939: 0B21A8C0:C1DF 0C21A8C0:0035 01 00000000:00000000
`;
const udp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue
  694: 920100FD330068010000000011000000:14EA 00000000000000000000000000000000:0000 07 00000000:00000000
`;
const sctp = ` ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS
9f09753f a7f25ee3 0   10  22   9994      0   259 192.168.33.11 10.244.1.1 
21658679 658e94c1 2   10  24   9996      0   257 fd00:0192:0168:0033:0000:0000:0000:0011 
e886b91d 331116f8 2   10  26   9998      0   255 0000:0000:0000:0000:0000:0000:0000:0000 
4d476063 c7d00b43 2   1   27   9999      0   254 0.0.0.0 
`;

const texts = (sockets: Iterable<{ protocol: string; family: string; address: string; port: number }>) =>
  Array.from(sockets, ({ protocol, family, address, port }) => `${protocol} ${family} ${address} ${port}`);

describe('the sockets of /proc/net that wait for packets', () => {
  test('of TCP, without connections', () => {
    expect(texts(parseProcNetSockets(tcp, 'TCP'))).toEqual(['TCP IPv4 192.168.33.11 8443']);
  });

  test('of TCP over IPv6: one for an IPv4-mapped address takes IPv4', () => {
    expect(texts(parseProcNetSockets(tcp6, 'TCP'))).toEqual(['TCP IPv4 192.168.33.11 8082', 'TCP IPv6 ::1 8080']);
  });

  test('of UDP, without connected ones', () => {
    expect(texts(parseProcNetSockets(udp, 'UDP'))).toEqual(['UDP IPv4 127.0.0.1 5353']);
    expect(texts(parseProcNetSockets(udp6, 'UDP'))).toEqual(['UDP IPv6 fd00:192:168:33::11 5354']);
  });

  test('of SCTP, with each of their addresses', () => {
    expect(texts(parseProcSctp(sctp))).toEqual([
      'SCTP IPv4 192.168.33.11 9994',
      'SCTP IPv4 10.244.1.1 9994',
      'SCTP IPv6 fd00:192:168:33::11 9996',
      'SCTP IPv6 :: 9998',
    ]);
  });

  test('an empty table has none', () => {
    expect(texts(parseProcNetSockets('', 'TCP'))).toEqual([]);
    expect(texts(parseProcSctp('\n'))).toEqual([]);
  });

  test('a line that is no socket is refused', () => {
    expect(() => texts(parseProcNetSockets('heading\n 0: 0B21A8C0 0A\n', 'TCP'))).toThrow(SyntaxError);
    expect(() => texts(parseProcSctp('heading\n a b 2 10 27 x 0 254 0.0.0.0\n'))).toThrow(SyntaxError);
    expect(() => texts(parseProcSctp('heading\n a b 2 10 27 9 0 254 nowhere\n'))).toThrow(SyntaxError);
  });
});
