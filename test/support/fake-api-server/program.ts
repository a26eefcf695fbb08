import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { type ClusterObject, createFakeCluster } from './cluster.js';
import { startFakeApiServer } from './http-server.js';

// A fake API server as a program of its own. Arguments: a port, and a YAML file with the cluster's objects. Runs until
// it is killed.
const [port, file = ''] = process.argv.slice(2);
const documents = parseAllDocuments(readFileSync(file, 'utf8')).map((document): unknown => document.toJS());
const objects = documents.filter((object): object is ClusterObject => object !== null);
startFakeApiServer(createFakeCluster(objects).handler, Number(port)).then(({ url }) => console.log(url));
