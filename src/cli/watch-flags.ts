import { type Command, Option } from 'commander';
import { parseDuration } from './duration.js';

/** The flags of a command that stays. */
export interface WatchFlags {
  readonly watch?: boolean;
  readonly verbose?: boolean;
  readonly logFormat: 'text' | 'json';
}

export interface SyncWatchFlags extends WatchFlags {
  /** Milliseconds. */
  readonly syncPeriod: number;
  readonly healthzBindAddress: string;
  readonly metricsBindAddress: string;
}

export const withWatchFlags = (command: Command): Command =>
  command
    .option('-w, --watch', 'stay until interrupted, and follow every change')
    .option('-v, --verbose', 'with --watch: log every change, and what was found in order')
    .addOption(
      new Option('--log-format <format>', 'with --watch: how it logs').choices(['text', 'json']).default('text'),
    );

export const withSyncWatchFlags = (command: Command): Command =>
  withWatchFlags(command)
    .addOption(
      new Option('--sync-period <duration>', 'with --watch: how often the whole node is read and mended')
        .argParser(parseDuration)
        .default(30_000, '30s'),
    )
    .option(
      '--healthz-bind-address <address>',
      "with --watch: where /healthz and /livez are served; '' is nowhere",
      '0.0.0.0:10256',
    )
    .option(
      '--metrics-bind-address <address>',
      "with --watch: where /metrics is served; '' is nowhere",
      '127.0.0.1:10249',
    );
