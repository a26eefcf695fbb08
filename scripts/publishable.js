// Refuses to publish a package that does not say where its source is and where to report a problem. The maintainers
// write these addresses into package.json once they have a place that everyone can reach.
import { readFileSync } from 'node:fs';

const packageJson = JSON.parse(readFileSync('package.json', 'utf8'));
const missing = ['repository', 'bugs', 'homepage'].filter(field => packageJson[field] === undefined);

if (missing.length > 0) {
  console.error(
    `package.json lacks ${missing.join(', ')}: nothing was published.\n` +
      'Write the addresses of the public repository into it, and publish again:\n' +
      `  npm pkg set ${missing.map(field => `${field === 'homepage' ? field : `${field}.url`}=URL`).join(' ')}`,
  );
  process.exitCode = 1;
}
