export * from './answer.js';
export * from './cluster.js';
export * from './http-server.js';
export * from './script.js';
export * from './texts.js';
