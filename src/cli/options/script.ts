import { Option } from 'commander';
import { onlyWith } from './rules.js';

export const scriptOptions = (): readonly Option[] =>
  onlyWith(
    '--dry-run',
    new Option('--script <form>', 'how --dry-run prints it').choices(['steps', 'batch']).default('steps'),
  );
