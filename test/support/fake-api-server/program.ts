import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { type ClusterObject, createFakeCluster } from './cluster.js';
import { startFakeApiServer } from './http-server.js';

// A fake API server as a program of its own. Arguments: a port, a YAML file with the cluster's objects, and optionally
// their resource version. Runs until it is killed. Prints its URL.
const [port, file = '', version] = process.argv.slice(2);
const documents = parseAllDocuments(readFileSync(file, 'utf8')).map((document): unknown => document.toJS());
const objects = documents.filter((object): object is ClusterObject => object !== null);
const { handler } = createFakeCluster(objects, version === undefined ? undefined : Number(version));
startFakeApiServer(handler, Number(port)).then(({ url }) => console.log(url));
