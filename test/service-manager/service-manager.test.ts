import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openServiceManager } from '../../src/service-manager/service-manager.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Setting {
  readonly environment?: NodeJS.ProcessEnv;
  readonly trouble?: string;
  /** How long a message takes, in milliseconds. */
  readonly duration?: number;
}

/** Opens a service manager that records its messages, with their times since the start in milliseconds. */
function open({ environment = { NOTIFY_SOCKET: '@manager' }, trouble, duration = 0 }: Setting = {}) {
  const messages: string[] = [];
  const times: number[] = [];
  const lines: string[] = [];
  const health = { isAlive: true };
  const started = performance.now();
  const variables = { ...environment };
  const manager = openServiceManager({
    onTrouble: line => lines.push(line),
    isAlive: () => health.isAlive,
    environment: variables,
    senderTo: socket => async assignments => {
      messages.push([socket, ...assignments].join(' '));
      times.push(performance.now() - started);
      if (duration > 0) await new Promise(resolve => void setTimeout(resolve, duration));
      return trouble;
    },
  });
  const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
  return { manager, messages, times, lines, health, variables, pass };
}

describe('a service manager', () => {
  test('hears that the program is ready once, with the status', async () => {
    const { manager, messages, pass } = open();
    manager.status('synced');
    manager.ready();
    manager.ready();
    await pass(60_000);
    expect(messages).toEqual(['@manager STATUS=synced READY=1']);
  });

  test('hears what is waited for, until the program is ready', async () => {
    const { manager, messages, pass } = open();
    manager.waiting('reading the cluster');
    await pass(6_000);
    manager.ready();
    manager.waiting('the API server is away');
    await pass(60_000);
    expect(messages).toEqual(['@manager STATUS=reading the cluster', '@manager READY=1']);
  });

  test('hears a status of several lines as one', async () => {
    const { manager, messages, pass } = open();
    manager.status('failed\nWATCHDOG=trigger');
    await pass(0);
    expect(messages).toEqual(['@manager STATUS=failed\\nWATCHDOG=trigger']);
  });

  test('hears the latest status at most once in five seconds, and never the same twice', async () => {
    const { manager, messages, times, pass } = open();
    manager.status('one');
    await pass(0);
    for (const text of ['two', 'three', 'four']) {
      await pass(1_000);
      manager.status(text);
    }
    await pass(10_000);
    manager.status('four');
    await pass(10_000);
    expect(messages).toEqual(['@manager STATUS=one', '@manager STATUS=four']);
    expect(times).toEqual([0, 5_000]);
  });

  test('gets one message at a time', async () => {
    const { manager, messages, times, pass } = open({ duration: 7_000 });
    manager.ready();
    await pass(1_000);
    manager.status('one');
    await pass(1_000);
    manager.stopping();
    await pass(20_000);
    expect(messages).toEqual(['@manager READY=1', '@manager STATUS=one STOPPING=1']);
    expect(times).toEqual([0, 7_000]);
  });

  test('gets a status that became due while another message was sent', async () => {
    const { manager, messages, times, pass } = open({ duration: 6_000 });
    manager.ready();
    await pass(1_000);
    manager.status('one');
    await pass(20_000);
    expect(messages).toEqual(['@manager READY=1', '@manager STATUS=one']);
    expect(times).toEqual([0, 6_000]);
  });

  test('gets everything before it is closed', async () => {
    const { manager, messages, pass } = open({ duration: 1_000 });
    manager.ready();
    manager.status('last');
    manager.stopping();
    let isClosed = false;
    const closed = manager.close().then(() => {
      isClosed = true;
    });
    await pass(1_999);
    expect(isClosed).toBe(false);
    await pass(1);
    await closed;
    expect(messages).toEqual(['@manager READY=1', '@manager STATUS=last STOPPING=1']);
  });

  test('is closed at once if there is nothing to send', async () => {
    const { manager, messages } = open();
    await manager.close();
    expect(messages).toEqual([]);
  });

  test('that cannot be notified is one line in the log', async () => {
    const { manager, lines, messages, pass } = open({ trouble: 'systemd-notify is not installed' });
    manager.ready();
    await pass(0);
    manager.stopping();
    await pass(0);
    expect(messages).toHaveLength(2);
    expect(lines).toEqual(['systemd-notify is not installed']);
  });

  test('is not there without NOTIFY_SOCKET', async () => {
    const { manager, messages, pass } = open({ environment: { WATCHDOG_USEC: '1000' } });
    manager.ready();
    manager.status('synced');
    manager.stopping();
    await pass(60_000);
    await manager.close();
    expect(messages).toEqual([]);
  });

  test('has its variables kept from the tools', () => {
    const { variables } = open({
      environment: { NOTIFY_SOCKET: '@manager', WATCHDOG_USEC: '20000000', WATCHDOG_PID: '1', PATH: '/bin' },
    });
    expect(variables).toEqual({ PATH: '/bin' });
  });
});

describe('its watchdog', () => {
  const environment = {
    NOTIFY_SOCKET: '@manager',
    WATCHDOG_USEC: '20000000',
    WATCHDOG_PID: String(process.pid),
  };

  test('hears of a ready program at half of its time, as long as the program is alive', async () => {
    const { manager, messages, times, health, pass } = open({ environment });
    await pass(35_000);
    expect(messages).toEqual([]);
    manager.ready();
    await pass(20_000);
    health.isAlive = false;
    await pass(60_000);
    expect(messages).toEqual(['@manager READY=1', '@manager WATCHDOG=1', '@manager WATCHDOG=1']);
    expect(times).toEqual([35_000, 40_000, 50_000]);
  });

  test.each([
    ['of another process', { WATCHDOG_PID: '1' }],
    ['without a time', { WATCHDOG_USEC: undefined }],
    ['with a time that is no number', { WATCHDOG_USEC: '20s' }],
    ['with no time', { WATCHDOG_USEC: '0' }],
  ])('%s hears nothing', async (_, variables) => {
    const { manager, messages, pass } = open({ environment: { ...environment, ...variables } });
    manager.ready();
    await pass(60_000);
    expect(messages).toEqual(['@manager READY=1']);
  });

  test('without WATCHDOG_PID is for this process', async () => {
    const { manager, messages, pass } = open({ environment: { ...environment, WATCHDOG_PID: undefined } });
    manager.ready();
    await pass(10_000);
    expect(messages).toEqual(['@manager READY=1', '@manager WATCHDOG=1']);
  });

  test('with a time of years does not fire at once', async () => {
    const { manager, messages, pass } = open({ environment: { ...environment, WATCHDOG_USEC: '99999999999999999' } });
    manager.ready();
    await pass(60_000);
    expect(messages).toEqual(['@manager READY=1']);
  });
});
