export { type FakeNode, fakeNode, Killed, runCommand } from './fake-node.js';
export { type FakeKernel, freshKernel } from './kernel.js';
export { kernelOf } from './kernel-of.js';
export { edited, parse, print, withoutLines } from './text/kernel-text.js';
