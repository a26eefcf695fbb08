import { Option } from 'commander';

export const scriptOption = (): Option =>
  new Option('--script <form>', 'how --dry-run prints it').choices(['steps', 'batch']).default('steps');
