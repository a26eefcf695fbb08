import type { Command } from 'commander';

export function addEndpointsCommand(_kproxy: Command): void {}
